import type { SweepDetail } from "../api/types";
import { saveBlob, saveCsv } from "../charts/downloads";
import { SIDES } from "./choice";
import { LONG } from "./Completion";
import { csvRows, writeJson, type Shown } from "./exports";
import type { Looked } from "./looked";

/** Files of what is shown, and whether long completions are shown whole. */
export function Files({ sweep, looked, shown }: { sweep: SweepDetail; looked: Looked; shown: Shown }) {
  const sides = SIDES.map((side) => shown[side]).filter((side) => side !== null);
  const name = `sweep-${sweep.id}-rollouts-step-${looked.step}`;
  const long = sides.some(({ rollouts }) => rollouts.some(({ tokens }) => tokens.length > LONG));
  return (
    <div className="card-actions">
      {long && (
        <label className="check">
          <input type="checkbox" checked={looked.unfolded} onChange={(event) => looked.change({ long: event.target.checked ? "open" : null })} />
          long ones unfolded
        </label>
      )}
      <button type="button" className="button quiet" onClick={() => saveCsv(csvRows(sides), name)}>
        CSV, every token
      </button>
      <button type="button" className="button quiet" onClick={() => saveBlob(new Blob([writeJson(sides)], { type: "application/json" }), `${name}.json`)}>
        JSON
      </button>
    </div>
  );
}
