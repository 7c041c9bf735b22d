import { Link } from "wouter";

import type { BatchVerb } from "../api/actions";
import type { RunResult } from "../api/types";
import { saveCsv } from "../charts/downloads";
import { Dialog } from "../shell/Dialog";
import { Status } from "../sweep/Status";
import { count, plural } from "../text/numbers";

interface Props {
  verb: BatchVerb;
  sweep: number;
  results: RunResult[];
  onClose: () => void;
}

const MOST = 200;

/** What came of each: those that were refused first, with the reason that each would have got alone. */
export function BatchResults({ verb, sweep, results, onClose }: Props) {
  const refused = results.filter(({ ok }) => !ok);
  const rows = [...refused, ...results.filter(({ ok }) => ok)];
  return (
    <Dialog
      title={headline(verb, results.length - refused.length, refused.length)}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="button" onClick={() => saveCsv(table(rows), `sweep-${sweep}-${verb}`)}>
            CSV
          </button>
          <button type="button" className="button primary" onClick={onClose}>
            Done
          </button>
        </>
      }
    >
      <div className="batch-results scroll-box" tabIndex={0} role="region" aria-label="What came of each run">
        <table className="list compact">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State now</th>
              <th scope="col">Refused because</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST).map((one) => (
              <tr key={one.id}>
                <td>
                  <Link href={`/runs/${one.id}`}>{one.id}</Link>
                </td>
                <td>{one.status ? <Status status={one.status} /> : "not there"}</td>
                <td>{one.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > MOST && <p className="small muted">The first {count(MOST)} of {count(rows.length)}; the file has all of them.</p>}
    </Dialog>
  );
}

function headline(verb: BatchVerb, done: number, refused: number): string {
  const what = verb === "cancel" ? "cancelled" : "retried";
  return refused === 0 ? `${plural(done, "run")} ${what}` : `${plural(done, "run")} ${what}, ${count(refused)} refused`;
}

function table(rows: RunResult[]) {
  return [["run", "done", "state", "message"], ...rows.map(({ id, ok, status, message }) => [id, ok ? "yes" : "no", status, message])];
}
