import { Link } from "wouter";

import type { ComparedArm } from "../api/types";
import { runsAddress } from "../runs/address";
import { plural, points, pValue } from "../text/numbers";
import type { ArmRowProps } from "./arms";

type Props = Pick<ArmRowProps, "arm" | "comparison" | "k" | "sentence" | "onDiff">;

/** What stands behind an arm's row: what may be said of it, and what so many seeds can find. */
export function ArmDetail({ arm, comparison, k, sentence, onDiff }: Props) {
  const index = comparison.ks.indexOf(k);
  const difference = arm.delta?.[index];
  return (
    <div className="arm-detail small">
      {sentence && <p>{sentence}</p>}
      {difference && (
        <p className="muted">
          At k = {k} its own p is {pValue(difference.p)}, {TESTS[arm.delta_test ?? "t"]}. {powerOf(arm, index)}
        </p>
      )}
      {!arm.pass_at && <p className="muted">None of its runs has been graded yet.</p>}
      <p className="selected-links">
        <Link href={runsAddress(comparison.sweep_id, { arm: arm.name })}>{plural(arm.runs, "run")} in the list of runs</Link>
        {!arm.is_baseline && (
          <button type="button" className="link" onClick={() => onDiff(arm.name)}>
            Settings beside the baseline’s
          </button>
        )}
      </p>
    </div>
  );
}

const TESTS = {
  t: "of a t test over seeds and problems",
  "sign flip": "of a sign flip over problems",
};

/** What such a sweep could have established; the API's target is a difference of 3 points. */
function powerOf(arm: ComparedArm, index: number): string {
  const found = arm.detectable?.[index];
  if (arm.delta_over !== "seeds and problems" || found === undefined) {
    return "One seed says nothing about training noise: what such a sweep could establish takes a second one.";
  }
  const more = moreSeeds(arm, arm.seeds_needed?.[index] ?? null);
  if (found >= 1) return `Such a sweep can hardly establish any difference; ${more.replace("that", "it")}`;
  return `Such a sweep establishes a true difference of ${points(found)} points 8 times in 10; ${more}`;
}

function moreSeeds(arm: ComparedArm, needed: number | null): string {
  if (arm.seeds_needed == null) return "two seeds are too few to say how many would bring that to 3.";
  if (needed === null) return "more seeds alone would hardly bring that to 3.";
  if (needed <= arm.paired_seeds.length) return "3 points are within its reach.";
  return `${needed} seeds would bring that to 3.`;
}
