import { Link } from "wouter";

import { useWorkers } from "../api/queries";
import type { Worker } from "../api/types";
import { LiveMark } from "../shell/LiveMark";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { useTitle } from "../shell/title";
import { ago, between, exact } from "../text/times";

export function WorkersPage() {
  const workers = useWorkers();
  useTitle("Workers");
  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h1>Workers</h1>
          <LiveMark dataUpdatedAt={workers.dataUpdatedAt} error={workers.error} expectedMs={5000} />
        </div>
      </div>
      {workers.error && !workers.data && <ProblemNotice title="The workers could not be loaded" error={workers.error} />}
      {!workers.data && !workers.error && <Skeleton lines={3} height="2.5rem" />}
      {workers.data && (workers.data.length === 0 ? <NoWorkers /> : <WorkerList workers={workers.data} />)}
    </>
  );
}

function NoWorkers() {
  return (
    <Empty title="No worker has reported yet">
      <p>Queued runs wait until one does. Start a worker beside the API, or on another machine with the same database and Redis.</p>
    </Empty>
  );
}

function WorkerList({ workers }: { workers: Worker[] }) {
  const now = useNow(5000);
  return (
    <div className="card flush">
      <table className="list cards">
        <caption className="visually-hidden">Workers, living ones first</caption>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">State</th>
            <th scope="col">Device</th>
            <th scope="col">Doing</th>
            <th scope="col">Up for</th>
            <th scope="col">Last heard</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <tr key={worker.name} className={worker.alive ? undefined : "faded"}>
              <td data-label="Worker">
                <b>{worker.name}</b>
              </td>
              <td data-label="State">
                <span className="status">
                  <span className={`dot fill-${worker.alive ? "succeeded" : "failed"}`} aria-hidden="true" />
                  {worker.alive ? "alive" : "not answering"}
                </span>
              </td>
              <td data-label="Device">
                <span>
                  {worker.device} {worker.device !== worker.device_kind && <span className="tag">{worker.device_kind}</span>}
                </span>
              </td>
              <td data-label="Doing">
                {worker.run_id === null ? <span className="muted">idle</span> : <Link href={`/runs/${worker.run_id}`}>run {worker.run_id}</Link>}
              </td>
              <td data-label="Up for">{between(worker.started_at, worker.alive ? null : worker.seen_at, now)}</td>
              <td data-label="Last heard">
                <time dateTime={worker.seen_at} title={exact(worker.seen_at)}>
                  {ago(worker.seen_at, now)}
                </time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
