import { Link } from "wouter";

import { version as pageVersion } from "../../package.json";
import type { Worker } from "../api/types";
import { useNow } from "../shell/now";
import { ago, between, exact } from "../text/times";
import { STATE_FILLS } from "./verbs";
import { WorkerMenu } from "./WorkerMenu";

export function WorkerTable({ workers }: { workers: Worker[] }) {
  const now = useNow(5000);
  return (
    <div className="card flush">
      <table className="list cards workers">
        <caption className="visually-hidden">Workers, living ones first</caption>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">State</th>
            <th scope="col">Device</th>
            <th scope="col">Doing</th>
            <th scope="col">Version</th>
            <th scope="col">Up for</th>
            <th scope="col">Last heard</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <tr key={worker.name} className={worker.alive ? undefined : "faded"}>
              <td data-label="Worker" className="unbroken">
                <b>{worker.name}</b>
              </td>
              <td data-label="State">
                <State worker={worker} />
              </td>
              <td data-label="Device">
                <Device worker={worker} />
              </td>
              <td data-label="Doing">
                {worker.run_id === null ? <span className="muted">nothing</span> : <Link href={`/runs/${worker.run_id}`}>run {worker.run_id}</Link>}
              </td>
              <td data-label="Version">
                <Version version={worker.version} />
              </td>
              <td data-label="Up for" className="unbroken">{between(worker.started_at, worker.alive ? null : worker.seen_at, now)}</td>
              <td data-label="Last heard" className="unbroken">
                <time dateTime={worker.seen_at} title={exact(worker.seen_at)}>
                  {ago(worker.seen_at, now)}
                </time>
              </td>
              <td className="row-actions">
                <WorkerMenu worker={worker} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function State({ worker }: { worker: Worker }) {
  return (
    <span>
      <span className="status">
        <span className={`dot fill-${STATE_FILLS[worker.status]}`} aria-hidden="true" />
        {worker.status}
      </span>
      {worker.parked_reason && <span className="worker-reason small muted">{worker.parked_reason}</span>}
    </span>
  );
}

function Device({ worker }: { worker: Worker }) {
  const facts = [
    worker.device_name,
    worker.memory_gb !== null && `${worker.memory_gb} GB${worker.devices > 1 ? " each" : ""}`,
  ].filter(Boolean);
  return (
    <span>
      {worker.device} {worker.device !== worker.device_kind && <span className="tag">{worker.device_kind}</span>}
      {facts.length > 0 && <span className="worker-reason small muted">{facts.join(", ")}</span>}
    </span>
  );
}

/** The page is built with its server, so its version is the server's. */
function Version({ version }: { version: string | null }) {
  if (!version) return <span className="muted">not known</span>;
  if (version === pageVersion) return <>{version}</>;
  return (
    <span>
      {version}{" "}
      <span className="tag warn" title={`The server has version ${pageVersion}. Upgrade this worker.`}>
        server has {pageVersion}
      </span>
    </span>
  );
}
