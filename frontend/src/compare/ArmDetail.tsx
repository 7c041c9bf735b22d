import type { ComparedArm, Comparison } from "../api/types";
import { delta, points } from "../text/numbers";
import { COLUMNS } from "./columns";

interface Props {
  arm: ComparedArm;
  comparison: Comparison;
  index: number;
  sentence: string | undefined;
}

/** What stands behind an arm's row: its seeds, and what so many of them can find. */
export function ArmDetail({ arm, comparison, index, sentence }: Props) {
  const trained = arm.method.method !== "base";
  const baseline = comparison.arms.find((other) => other.is_baseline);
  const paired = trained && arm.delta && baseline;
  const k = comparison.ks[index];
  return (
    <div className="arm-detail small">
      {sentence && <p>{sentence}</p>}
      <dl className="facts narrow-only">
        {COLUMNS.filter((column) => column.wide).map((column) => (
          <div key={column.id}>
            <dt>{column.title}</dt>
            <dd>{column.text(arm, index)}</dd>
          </div>
        ))}
      </dl>
      <table className="seeds">
        <caption className="visually-hidden">
          pass@{k} of {arm.name} seed by seed
        </caption>
        <thead>
          <tr>
            <th scope="col">Seed</th>
            <th scope="col">pass@{k} %</th>
            {paired && <th scope="col">Δ to the baseline’s seed</th>}
          </tr>
        </thead>
        <tbody>
          {arm.seeds.map((seed, at) => {
            const mean = arm.seed_means[at]?.[index];
            return (
              <tr key={seed}>
                <th scope="row">{trained ? seed : "none"}</th>
                <td>{points(mean)}</td>
                {paired && <td>{delta(differenceOf(mean, meanOfSeed(baseline, seed, index)))}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {arm.delta && <p className="muted">{powerOf(arm, index)}</p>}
    </div>
  );
}

/** A base model has no seeds: its one run stands beside any. */
function meanOfSeed(arm: ComparedArm, seed: number, index: number): number | undefined {
  const at = arm.method.method === "base" ? 0 : arm.seeds.indexOf(seed);
  return arm.seed_means[at]?.[index];
}

function differenceOf(mean: number | undefined, other: number | undefined): number | null {
  return mean === undefined || other === undefined ? null : mean - other;
}

/** What such a sweep could have established; the API's target is a difference of 3 points. */
function powerOf(arm: ComparedArm, index: number): string {
  const found = arm.detectable?.[index];
  if (arm.delta_over !== "seeds and problems" || found === undefined) {
    return "One seed says nothing about training noise: what such a sweep could establish takes a second one.";
  }
  const needed = arm.seeds_needed?.[index] ?? null;
  const more =
    arm.seeds_needed == null
      ? "two seeds are too few to say how many would bring that to 3."
      : needed === null
      ? "more seeds alone would hardly bring that to 3."
      : needed <= arm.paired_seeds.length
        ? "3 points are within its reach."
        : `${needed} seeds would bring that to 3.`;
  if (found >= 1) return `Such a sweep can hardly establish any difference; ${more.replace("that", "it")}`;
  return `Such a sweep establishes a true difference of ${points(found)} points 8 times in 10; ${more}`;
}
