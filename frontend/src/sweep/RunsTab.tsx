import { Fragment } from "react";
import { Link } from "wouter";

import { useSweepRuns } from "../api/queries";
import type { RunStatus, SweepRun, SweepRuns } from "../api/types";
import { RunMenu } from "../run/RunActions";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { useView } from "../shell/view";
import { between } from "../text/times";
import { FAILURES, STATES } from "../text/words";
import { ArmName } from "./ArmName";
import { Status } from "./Status";
import { Steps } from "./Steps";
import type { TabProps } from "./tabs";

const URGENCY: RunStatus[] = ["failed", "running", "cancelling", "queued", "succeeded", "cancelled"];

export function RunsTab({ id, busy }: TabProps) {
  const found = useSweepRuns(id, busy);
  if (found.data) return <Runs {...found.data} />;
  if (found.error) return <ProblemNotice title="The runs could not be loaded" error={found.error} />;
  return <Skeleton lines={8} height="2rem" />;
}

/** Every run of the sweep: what failed first, then what moves. */
function Runs({ runs, sweeps }: Pick<SweepRuns, "runs" | "sweeps">) {
  const [parameters, change] = useView();
  const now = useNow(5000);
  const state = STATES.find((name) => name === parameters.get("state"));
  const shown = runs
    .filter((run) => !state || run.status === state)
    .sort((a, b) => URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status) || a.id - b.id);
  const filter = (next: string) => change({ state: next || null });

  return (
    <>
      <div className="filters" role="group" aria-label="Runs by state">
        <FilterButton label="All" count={runs.length} pressed={!state} onPress={() => filter("")} />
        {STATES.map((name) => {
          const count = runs.filter((run) => run.status === name).length;
          return count > 0 && <FilterButton key={name} label={name} count={count} pressed={state === name} onPress={() => filter(name)} />;
        })}
      </div>
      {shown.length === 0 ? (
        <Empty title="No runs here">
          <p>No run of this sweep is {state ?? "there"} now.</p>
        </Empty>
      ) : (
        <RunTable runs={shown} sweeps={sweeps} now={now} />
      )}
    </>
  );
}

function FilterButton({ label, count, pressed, onPress }: { label: string; count: number; pressed: boolean; onPress: () => void }) {
  return (
    <button type="button" aria-pressed={pressed} onClick={onPress}>
      {label} <span className="muted">{count}</span>
    </button>
  );
}

interface TableProps {
  runs: SweepRun[];
  sweeps: SweepRuns["sweeps"];
  now: number;
}

function RunTable({ runs, sweeps, now }: TableProps) {
  return (
    <div className="card flush">
      <table className="list cards runs">
        <caption className="visually-hidden">Runs</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Arm</th>
            <th scope="col" className="number">Seed</th>
            <th scope="col">State</th>
            <th scope="col">Steps</th>
            <th scope="col">Took</th>
            <th scope="col">Worker</th>
            <th scope="col">Error</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td data-label="Run">
                <Link href={`/runs/${run.id}`}>{run.id}</Link>
              </td>
              <td data-label="Arm">
                <ArmName name={run.arm} />
                <SharedWith sweeps={sweeps.filter((sweep) => run.shared_with.includes(sweep.id))} />
              </td>
              <td data-label="Seed" className="number">{run.seed}</td>
              <td data-label="State">
                <Status status={run.status} />
              </td>
              <td data-label="Steps">
                <Steps run={run} />
              </td>
              <td data-label="Took">{run.started_at ? between(run.started_at, run.finished_at, now) : ""}</td>
              <td data-label="Worker" className="muted">{run.worker}</td>
              <td data-label="Error" className="run-error" title={run.error ?? undefined}>
                {run.status === "failed" && (run.failure ? FAILURES[run.failure] : run.error)}
              </td>
              <td className="row-actions">
                <RunMenu run={{ id: run.id, status: run.status, others: run.shared_with.length }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Other sweeps that ask for the run: what is done to it is done to them. */
function SharedWith({ sweeps }: { sweeps: SweepRuns["sweeps"] }) {
  if (sweeps.length === 0) return null;
  return (
    <span className="shared-with small muted">
      also in{" "}
      {sweeps.map((sweep, index) => (
        <Fragment key={sweep.id}>
          {index > 0 && ", "}
          <Link href={`/sweeps/${sweep.id}?tab=runs`}>{sweep.name}</Link>
        </Fragment>
      ))}
    </span>
  );
}
