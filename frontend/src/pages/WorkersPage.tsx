import { useWorkers } from "../api/queries";
import { LiveMark } from "../shell/LiveMark";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useTitle } from "../shell/title";
import { Queue } from "../workers/Queue";
import { WorkerTable } from "../workers/WorkerTable";

/** Who works, and what waits for them. */
export default function WorkersPage() {
  const workers = useWorkers();
  useTitle("Workers");
  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h1>Workers</h1>
          <LiveMark query={workers} />
        </div>
      </div>
      {workers.error && !workers.data && <ProblemNotice title="The workers could not be loaded" error={workers.error} />}
      {!workers.data && !workers.error && <Skeleton lines={3} height="2.5rem" />}
      {workers.data && (workers.data.length === 0 ? <NoWorkers /> : <WorkerTable workers={workers.data} />)}
      <Queue />
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
