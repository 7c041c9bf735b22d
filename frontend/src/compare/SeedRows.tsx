import { Link } from "wouter";

import { useSweepRuns } from "../api/queries";
import type { ComparedArm, Comparison } from "../api/types";
import { Status } from "../sweep/Status";
import { delta, points } from "../text/numbers";
import { OTHERS, type KColumns } from "./columns";
import { runSubject } from "./diff";
import { isTrained, seedRows, type SeedRow } from "./seeds";

interface Props {
  arm: ComparedArm;
  comparison: Comparison;
  groups: KColumns[];
  busy: boolean;
  onDiff: (subject: string) => void;
}

/** The single seeds of an arm below it, in the columns that it has. */
export function SeedRows({ arm, comparison, groups, busy, onDiff }: Props) {
  const runs = useSweepRuns(comparison.sweep_id, busy).data?.runs ?? [];
  return seedRows(arm, comparison, runs).map((row) => (
    <tr key={row.seed} className="seed">
      <th scope="row">
        <SeedName row={row} trained={isTrained(arm)} onDiff={onDiff} />
      </th>
      {groups.flatMap(({ k, index }) => [
        <td key={`pass@${k}`} className="number k-start">
          {row.means ? points(row.means[index]) : ""}
        </td>,
        <td key={`delta@${k}`} className="number">
          {row.deltas ? delta(row.deltas[index]) : ""}
        </td>,
        <td key={`p@${k}`} />,
      ])}
      <td colSpan={OTHERS.length}>{row.run && row.run.status !== "succeeded" && <Status status={row.run.status} />}</td>
    </tr>
  ));
}

export function SeedName({ row: { seed, run }, trained, onDiff }: { row: SeedRow; trained: boolean; onDiff: (subject: string) => void }) {
  return (
    <span className="seed-name">
      <span>{trained ? `seed ${seed}` : "not trained"}</span>
      {run && <Link href={`/runs/${run.id}`}>run {run.id}</Link>}
      {run && (
        <button type="button" className="link" onClick={() => onDiff(runSubject(run.id))}>
          settings
          <span className="visually-hidden"> of run {run.id}</span>
        </button>
      )}
    </span>
  );
}
