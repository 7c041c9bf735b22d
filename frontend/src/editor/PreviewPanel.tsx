import { useState } from "react";
import { Link } from "wouter";

import type { Preview, RunStatus } from "../api/types";
import { Fact } from "../shell/Fact";
import { Skeleton } from "../shell/Notice";
import { count, plural } from "../text/numbers";
import { duration } from "../text/times";
import { METHOD_NAMES } from "../text/words";

const SHOWN = 10;

/** How many runs a submission queues: new ones, and those that had failed or were cancelled. */
export function workOf(preview: Preview): number {
  return preview.new_runs + preview.queued_again;
}

export function submitLabel(preview: Preview | undefined): string {
  if (!preview) return "Submit";
  const work = workOf(preview);
  return work === 0 ? "Submit, nothing to train" : `Submit ${plural(work, "run")}`;
}

/** What a submission would do; an outdated answer stays in view, faded, until the next. */
export function PreviewPanel({ preview, outdated }: { preview: Preview | undefined; outdated: boolean }) {
  if (!preview) return <Skeleton lines={5} />;
  return (
    <div className={outdated ? "preview outdated" : "preview"} aria-live="polite">
      <dl className="figures">
        <Fact name={preview.arms.length === 1 ? "Arm" : "Arms"}>{count(preview.arms.length)}</Fact>
        <Fact name={preview.runs === 1 ? "Run" : "Runs"}>{count(preview.runs)}</Fact>
        <Fact name="To train now">{count(workOf(preview))}</Fact>
        <Fact name="Device time">{preview.device_seconds === null ? "unknown" : duration(preview.device_seconds)}</Fact>
      </dl>
      <p className="small muted">Device time: {preview.estimate_basis}</p>
      {preview.queued_again > 0 && (
        <p className="small">{plural(preview.queued_again, "run")} had failed or been cancelled before and will be queued again.</p>
      )}
      <ExistingRuns preview={preview} />
      <Arms preview={preview} />
    </div>
  );
}

/** The first of the arms; the rest on demand, so that their number is plain. */
function Arms({ preview }: { preview: Preview }) {
  const [all, setAll] = useState(false);
  const many = preview.arms.length;
  const shown = all || many <= SHOWN + 2 ? preview.arms : preview.arms.slice(0, SHOWN);
  return (
    <>
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
            {shown.map((arm) => (
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
      {shown.length < many && (
        <button type="button" className="button quiet" onClick={() => setAll(true)}>
          Show all {count(many)} arms
        </button>
      )}
    </>
  );
}

/** Results that are there are told from runs that wait or run: those may yet fail. */
function ExistingRuns({ preview }: { preview: Preview }) {
  const trained = preview.existing.filter((run) => run.status === "succeeded");
  const coming = preview.existing.filter((run) => COMING.has(run.status));
  return (
    <>
      <Shared runs={trained} words={`of this sweep ${trained.length === 1 ? "is" : "are"} trained already and will be shared, not repeated`} />
      <Shared runs={coming} words={`of this sweep ${coming.length === 1 ? "is" : "are"} queued or running already and will be shared`} />
    </>
  );
}

const COMING: ReadonlySet<RunStatus> = new Set(["queued", "running", "cancelling"]);

function Shared({ runs, words }: { runs: Preview["existing"]; words: string }) {
  const shown = runs.slice(0, 6);
  if (shown.length === 0) return null;
  return (
    <p className="small">
      {plural(runs.length, "run")} {words}:{" "}
      {shown.map((run, index) => (
        <span key={run.run_id}>
          {index > 0 && ", "}
          <Link href={`/runs/${run.run_id}`}>
            {run.arm} · seed&nbsp;{run.seed}
          </Link>
        </span>
      ))}
      {runs.length > shown.length && ` and ${runs.length - shown.length} more`}.
    </p>
  );
}
