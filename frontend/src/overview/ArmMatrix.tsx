import { useMemo, useState } from "react";
import { Link } from "wouter";

import type { AskingSweep, RunStatus, SweepArm, SweepRun } from "../api/types";
import { ArmMark } from "../charts/ArmMark";
import { armStyles } from "../charts/palette";
import { useTheme } from "../shell/theme";
import { ArmName } from "../sweep/ArmName";
import { count, plural } from "../text/numbers";
import { METHOD_NAMES } from "../text/words";
import { parametersOf } from "./parameters";

interface Props {
  arms: SweepArm[];
  runs: SweepRun[];
  /** Other sweeps that ask for some of the runs. */
  sharing: AskingSweep[];
}

/** So many rows are shown at first. */
const SHOWN = 40;

/** Each state as a mark, so that no colour has to be told apart. */
const MARKS: Record<RunStatus, string> = {
  succeeded: "M2.5 6.5 5 9l4.5-6",
  failed: "M3 3l6 6M9 3l-6 6",
  running: "M4 2.5v7L9.5 6z",
  cancelling: "M3.5 3.5h5v5h-5z",
  queued: "M6 5.9v.2",
  cancelled: "M3 6h6",
};

/** What is compared, and how far each arm is: a cell for each seed, which leads to its run. */
export function ArmMatrix({ arms, runs, sharing }: Props) {
  const theme = useTheme();
  const [all, setAll] = useState(false);
  const styles = useMemo(() => armStyles(arms, theme), [arms, theme]);
  const byArm = useMemo(() => groupByArm(runs), [runs]);
  const shown = all || arms.length <= SHOWN + 5 ? arms : arms.slice(0, SHOWN);
  const shared = runs.filter((run) => run.shared_with.length > 0).length;
  return (
    <section className="card flush" aria-labelledby="arms-title">
      <div className="card-head">
        <h2 id="arms-title">What is compared</h2>
        <span className="small muted">{plural(arms.length, "arm")}, a cell for each seed</span>
      </div>
      <table className="list matrix">
        <thead>
          <tr>
            <th scope="col">Arm</th>
            <th scope="col">Parameters</th>
            <th scope="col">Runs by seed</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((arm) => (
            <tr key={arm.name}>
              <th scope="row">
                <span className="matrix-arm">
                  <ArmMark style={styles.get(arm.name)} />
                  <ArmName name={arm.name} />
                  {arm.is_baseline && <span className="tag">baseline</span>}
                </span>
              </th>
              <td className="small muted">{[METHOD_NAMES[arm.method.method], ...parametersOf(arm, arms)].join(", ")}</td>
              <td>
                <Cells runs={byArm.get(arm.name) ?? []} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < arms.length && (
        <p className="card-line">
          <button type="button" className="button quiet" onClick={() => setAll(true)}>
            Show all {count(arms.length)} arms
          </button>
        </p>
      )}
      {shared > 0 && <Sharing shared={shared} sweeps={sharing} />}
    </section>
  );
}

function groupByArm(runs: SweepRun[]): Map<string, SweepRun[]> {
  const groups = new Map<string, SweepRun[]>();
  for (const run of runs) {
    const group = groups.get(run.arm);
    if (group) group.push(run);
    else groups.set(run.arm, [run]);
  }
  return groups;
}

function Cells({ runs }: { runs: SweepRun[] }) {
  return (
    <span className="matrix-cells">
      {runs.map((run) => {
        const words = `seed ${run.seed}: ${run.status}${run.status === "running" && run.total_steps > 0 ? `, step ${run.step} of ${run.total_steps}` : ""}`;
        return (
          <Link key={run.id} href={`/runs/${run.id}`} className={`matrix-cell is-${run.status}`} aria-label={`${run.arm}, ${words}`} title={words}>
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
              <path d={MARKS[run.status]} />
            </svg>
          </Link>
        );
      })}
    </span>
  );
}

function Sharing({ shared, sweeps }: { shared: number; sweeps: AskingSweep[] }) {
  return (
    <p className="small muted card-line">
      {plural(shared, "run")} {shared === 1 ? "is" : "are"} asked for by{" "}
      {sweeps.map((sweep, index) => (
        <span key={sweep.id}>
          {index > 0 && ", "}
          <Link href={`/sweeps/${sweep.id}`}>{sweep.name}</Link>
        </span>
      ))}{" "}
      as well, and trained once.
    </p>
  );
}
