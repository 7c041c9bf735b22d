import type { ComponentProps } from "react";

import { useSweepRuns } from "../api/queries";
import { Status } from "../sweep/Status";
import { delta, points } from "../text/numbers";
import { SeedName, type SeedRows } from "./SeedRows";
import { isTrained, seedRows } from "./seeds";

/** The single seeds of an arm in its card. */
export function SeedList({ arm, comparison, groups, busy, onDiff }: ComponentProps<typeof SeedRows>) {
  const runs = useSweepRuns(comparison.sweep_id, busy).data?.runs ?? [];
  return (
    <ul className="seed-list small">
      {seedRows(arm, comparison, runs).map((row) => (
        <li key={row.seed}>
          <SeedName row={row} trained={isTrained(arm)} onDiff={onDiff} />
          {row.run && row.run.status !== "succeeded" && <Status status={row.run.status} />}
          {row.means && (
            <span className="seed-values">
              {groups.map(({ k, index }) => (
                <span key={k}>
                  <span className="muted">{k}:</span> {points(row.means?.[index])}
                  {row.deltas && <span className="muted"> {delta(row.deltas[index])}</span>}
                </span>
              ))}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
