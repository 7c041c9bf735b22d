/** Addresses of the Rollouts tab, in which a view is written out. */

import { ALONE, SIDES, type Side } from "./choice";
import type { Looked } from "./looked";

/** A run's rollouts beside those of the baseline with its seed, or of another arm if it is that. */
export function runAddress(sweep: number, arm: string, seed: number): string {
  return `/sweeps/${sweep}?${new URLSearchParams({ tab: "rollouts", arm, seed: String(seed) })}`;
}

/** The address of one completion, in which everything that is looked at is written out. */
export function completionAddress(sweep: number, { choice, step, problem, measure }: Looked, side: Side, index: number): string {
  const parameters = new URLSearchParams({ tab: "rollouts" });
  const add = (name: string, value: string | number | null | undefined) => value != null && parameters.set(name, String(value));
  add("left", choice.left?.arm.name);
  add("right", choice.right?.arm.name ?? ALONE);
  add("seed", choice.left?.seed);
  if (choice.right && choice.right.seed !== choice.left?.seed) add("right_seed", choice.right.seed);
  add("step", step);
  add("problem", problem?.key);
  if (measure !== "entropy") add("shade", measure);
  add("at", `${side[0]}${index}`);
  return `/sweeps/${sweep}?${parameters}`;
}

/** "l3" -> the left column, completion 3 */
export function readPlace(at: string | null): { side: Side; index: number } | null {
  const [, letter, index] = /^([lr])(\d{1,9})$/.exec(at ?? "") ?? [];
  const side = SIDES.find((name) => name[0] === letter);
  return side ? { side, index: Number(index) } : null;
}
