/** Of very many arms those that are looked at first. */

import type { ComparedArm } from "../api/types";

/** More lines than this tell nothing apart. */
export const MOST_DRAWN = 40;
/** More rows than this are shown when asked for. */
export const MOST_ROWS = 60;

export interface Wanted {
  selected: string | null;
  /** The arms that the brush leaves; null while there is none. */
  within: Set<string> | null;
}

/**
 * In the sweep's order: the baseline, the base model and the selected arm, then those that the brush
 * leaves, then those of the largest difference at the largest k, which does not change with the slider.
 */
export function foremost(arms: ComparedArm[], most: number, { selected, within }: Wanted): ComparedArm[] {
  if (arms.length <= most) return arms;
  const rank = (arm: ComparedArm) => {
    if (arm.is_baseline || arm.method.method === "base" || arm.name === selected) return 0;
    return within === null || within.has(arm.name) ? 1 : 2;
  };
  const lead = (arm: ComparedArm) => arm.delta?.at(-1)?.mean ?? -Infinity;
  const first = Array.from(arms).sort((a, b) => rank(a) - rank(b) || (lead(a) === lead(b) ? 0 : lead(b) - lead(a)));
  const chosen = new Set(first.slice(0, most));
  return arms.filter((arm) => chosen.has(arm));
}

/** The first rows in the order they are shown in, and the selected one wherever it is. */
export function firstRows(arms: ComparedArm[], selected: string | null): ComparedArm[] {
  return arms.length <= MOST_ROWS + 5 ? arms : arms.filter((arm, at) => at < MOST_ROWS || arm.name === selected);
}
