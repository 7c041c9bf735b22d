/** How an arm's success rates are spread over problems, for the success-rates card. */

import type { ComparedArm } from "../api/types";
import { PERCENT } from "../text/numbers";

/** The bins of a histogram: exactly 0, the ten tenths, exactly 1. */
export const BINS = [
  "never solved",
  "up to 10\u00a0%",
  ...Array.from({ length: 8 }, (_, tenth) => `${10 * (tenth + 1)}–${10 * (tenth + 2)}${PERCENT}`),
  "90\u00a0% and more, not always",
  "always solved",
];

/** Shares of problems, so that arms with different numbers of seeds compare. */
export function sharesOf(arm: ComparedArm): number[] | null {
  const total = arm.histogram?.reduce((sum, count) => sum + count, 0) ?? 0;
  return arm.histogram && total > 0 ? arm.histogram.map((count) => count / total) : null;
}

/** The trained arm with the highest difference at `index`, which the conclusion speaks of too. */
export function leadingArm(arms: ComparedArm[], index: number): ComparedArm | undefined {
  const value = (arm: ComparedArm) => arm.delta?.[index]?.mean ?? -Infinity;
  return arms
    .filter((arm) => arm.delta && arm.method.method !== "base")
    .reduce<ComparedArm | undefined>((best, arm) => (best && value(best) >= value(arm) ? best : arm), undefined);
}

/** The two that are set beside each other: the baseline, and the selected arm or the leading one. */
export function ratedArms(arms: ComparedArm[], index: number, selected: string | null): ComparedArm[] {
  const baseline = arms.find((arm) => arm.is_baseline);
  const chosen = arms.find((arm) => arm.name === selected && !arm.is_baseline) ?? leadingArm(arms, index);
  return [baseline, chosen].flatMap((arm) => (arm?.histogram && arm.cover ? [arm] : []));
}
