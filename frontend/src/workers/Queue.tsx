import { Link } from "wouter";

import { useQueue } from "../api/queries";
import type { QueuedRun } from "../api/types";
import { RunMenu } from "../run/RunActions";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { ArmName } from "../sweep/ArmName";
import { count, NOTHING, plural } from "../text/numbers";

const SHOWN = 100;

/** What is queued, in the order in which it would start, and why each waits. */
export function Queue() {
  const queue = useQueue(SHOWN);
  return (
    <section className="card flush" aria-labelledby="queue-title">
      <div className="card-head">
        <h2 id="queue-title">Queue</h2>
        {queue.data && queue.data.total > 0 && <span className="small muted">{plural(queue.data.total, "run waits", "runs wait")}</span>}
      </div>
      {queue.error && !queue.data && <ProblemNotice title="The queue could not be loaded" error={queue.error} />}
      {!queue.data && !queue.error && <Skeleton lines={3} />}
      {queue.data && <QueueTable runs={queue.data.runs} total={queue.data.total} />}
    </section>
  );
}

export function QueueTable({ runs, total }: { runs: QueuedRun[]; total: number }) {
  if (runs.length === 0) return <p className="muted card-line">Nothing is queued.</p>;
  return (
    <>
      <table className="list cards runs queue">
        <caption className="visually-hidden">Queued runs, in the order in which they would start</caption>
        <thead>
          <tr>
            <th scope="col" className="number">Place</th>
            <th scope="col">Run</th>
            <th scope="col">Arm</th>
            <th scope="col" className="number">Seed</th>
            <th scope="col">Sweep</th>
            <th scope="col">Why it waits</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run, index) => (
            <tr key={run.run_id}>
              <td data-label="Place" className="number muted">{count(index + 1)}</td>
              <td data-label="Run">
                <Link href={`/runs/${run.run_id}`}>{run.run_id}</Link>
              </td>
              <td data-label="Arm">
                <ArmName name={run.arm} /> <Analysed step={run.analysed_step} />
              </td>
              <td data-label="Seed" className="number">{run.analysed_step === 0 ? NOTHING : run.seed}</td>
              <td data-label="Sweep">
                <Link href={`/sweeps/${run.sweep_id}`}>{run.sweep_name}</Link>{" "}
                {run.sweep_priority !== 0 && <span className="tag">priority {run.sweep_priority}</span>}
              </td>
              <td data-label="Why it waits" className="muted">{run.waits}</td>
              <td className="row-actions">
                <RunMenu run={{ id: run.run_id, status: "queued", others: run.others }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > runs.length && <p className="small muted card-line">The first {count(runs.length)} of {count(total)}.</p>}
    </>
  );
}

/** Of step 0 it looks at the untrained model, and is called so. */
function Analysed({ step }: { step: QueuedRun["analysed_step"] }) {
  return step == null ? null : <span className="tag">{step === 0 ? "analysis" : `analysis after step ${step}`}</span>;
}
