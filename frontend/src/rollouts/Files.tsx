import { saveBlob, saveCsv } from "../charts/downloads";
import { SIDES } from "./choice";
import { LONG } from "./Completion";
import { csvRows, writeJson, type Shown } from "./exports";

interface Props {
  /** Of the files. */
  name: string;
  shown: Shown;
  unfolded: boolean;
  onUnfold: (unfolded: boolean) => void;
}

/** Files of what is shown, and whether long completions are shown whole. */
export function Files({ name, shown, unfolded, onUnfold }: Props) {
  const sides = SIDES.map((side) => shown[side]).filter((side) => side !== null);
  const long = sides.some(({ rollouts }) => rollouts.some(({ tokens }) => tokens.length > LONG));
  return (
    <div className="card-actions">
      {long && (
        <label className="check">
          <input type="checkbox" checked={unfolded} onChange={(event) => onUnfold(event.target.checked)} />
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
