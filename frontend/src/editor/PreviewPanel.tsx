import { Link } from "wouter";

import type { Preview } from "../api/types";
import { Skeleton } from "../shell/Notice";
import { count, plural } from "../text/numbers";
import { duration } from "../text/times";
import { METHOD_NAMES } from "../text/words";

/** What a submission would do; an outdated answer stays in view, faded, until the next. */
export function PreviewPanel({ preview, outdated }: { preview: Preview | undefined; outdated: boolean }) {
  if (!preview) return <Skeleton lines={5} />;
  return (
    <div className={outdated ? "preview outdated" : "preview"} aria-live="polite">
      <dl className="figures">
        <div>
          <dt>Arms</dt>
          <dd>{count(preview.arms.length)}</dd>
        </div>
        <div>
          <dt>Runs</dt>
          <dd>{count(preview.runs)}</dd>
        </div>
        <div>
          <dt>To train now</dt>
          <dd>{count(preview.new_runs)}</dd>
        </div>
        <div>
          <dt>Device time</dt>
          <dd>{preview.device_seconds === null ? "unknown" : duration(preview.device_seconds)}</dd>
        </div>
      </dl>
      <p className="small muted">{preview.estimate_basis}</p>
      <ExistingRuns preview={preview} />
      <div className="scroll-box">
        <table className="list compact">
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col">Method</th>
              <th scope="col" className="number">
                Runs
              </th>
            </tr>
          </thead>
          <tbody>
            {preview.arms.map((arm) => (
              <tr key={arm.name}>
                <td>
                  {arm.name} {arm.name === preview.baseline && <span className="tag">baseline</span>}
                </td>
                <td className="muted">{METHOD_NAMES[arm.method.method]}</td>
                <td className="number">{arm.runs}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function ExistingRuns({ preview }: { preview: Preview }) {
  const shown = preview.existing.slice(0, 6);
  if (shown.length === 0) return null;
  return (
    <p className="small">
      {plural(preview.existing.length, "run")} of this sweep {preview.existing.length === 1 ? "exists" : "exist"} already and will be
      shared, not repeated:{" "}
      {shown.map((run, index) => (
        <span key={run.run_id}>
          {index > 0 && ", "}
          <Link href={`/runs/${run.run_id}`}>
            {run.arm} · seed {run.seed}
          </Link>
        </span>
      ))}
      {preview.existing.length > shown.length && ` and ${preview.existing.length - shown.length} more`}.
    </p>
  );
}
