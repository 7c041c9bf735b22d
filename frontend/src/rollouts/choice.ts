/** What is looked at: two runs, a step and a problem, from the address where it says, else by a rule. */

import type { RolloutIndex, SweepArms, SweepDetail, SweepRun } from "../api/types";

export const SIDES = ["left", "right"] as const;
export type Side = (typeof SIDES)[number];

export type Arm = SweepDetail["arms_list"][number];

export interface Chosen {
  arm: Arm;
  seed: number;
  /** None where the sweep has no run of that arm and seed. */
  run: SweepRun | null;
}

export interface Choice {
  left: Chosen | null;
  /** None where one run alone is looked at. */
  right: Chosen | null;
}

/** In the address, in place of an arm: one column is enough. */
export const ALONE = "none";

/** The base model is not trained, and so has no training completions. */
export function trainedArms(sweep: SweepArms): Arm[] {
  return sweep.arms_list.filter((arm) => arm.train !== null);
}

/**
 * The baseline against the arm selected in the comparison, or the first that has anything to show. What
 * has, is decided by the runs as they were when the tab was opened: no arm takes another's place later.
 */
export function choose(parameters: URLSearchParams, sweep: SweepArms, runs: SweepRun[], opened = runs): Choice {
  const arms = trainedArms(sweep);
  const named = (name: string | null) => arms.find((arm) => arm.name === name);
  const begun = arms.filter((arm) => opened.some((run) => run.arm === arm.name && hasAny(run)));
  const first = [...begun, ...arms.filter((arm) => !begun.includes(arm))];
  const left = named(parameters.get("left")) ?? begun.find((arm) => arm.is_baseline) ?? first[0];
  if (!left) return { left: null, right: null };
  const selected = named(parameters.get("arm"));
  const usual = selected && selected !== left ? selected : first.find((arm) => arm !== left);
  const right = parameters.get("right") === ALONE ? undefined : (named(parameters.get("right")) ?? usual);
  const seed = seedOf(parameters.get("seed"), left, runs) ?? usualSeed([left, right], opened);
  const otherSeed = seedOf(parameters.get("right_seed"), right, runs) ?? seed;
  return { left: pick(left, seed, runs), right: right ? pick(right, otherSeed, runs) : null };
}

function pick(arm: Arm, seed: number, runs: SweepRun[]): Chosen {
  return { arm, seed, run: runs.find((run) => run.arm === arm.name && run.seed === seed) ?? null };
}

export function seedsOf(arm: Arm, runs: SweepRun[]): number[] {
  return runs.filter((run) => run.arm === arm.name).map((run) => run.seed);
}

function seedOf(asked: string | null, arm: Arm | undefined, runs: SweepRun[]): number | undefined {
  if (asked === null || !arm) return undefined;
  return seedsOf(arm, runs).find((seed) => String(seed) === asked);
}

/** The first seed with which all of them have something to show, else the first there is. */
function usualSeed(arms: (Arm | undefined)[], runs: SweepRun[]): number {
  const wanted = arms.filter((arm) => arm !== undefined);
  const seeds = wanted[0] ? seedsOf(wanted[0], runs) : [];
  const common = seeds.find((seed) => wanted.every((arm) => runs.some((run) => run.arm === arm.name && run.seed === seed && hasAny(run))));
  return common ?? seeds[0] ?? 0;
}

/** The first step is always kept. */
export function hasAny(run: SweepRun): boolean {
  return run.total_steps > 0 && run.step > 0;
}

/** The last of the kept steps that both runs have reached; of one that has none, the other's. */
export function lastShared(steps: number[], { left, right }: Choice): number | null {
  const reached = [left, right].flatMap((side) => (side?.run && hasAny(side.run) ? [side.run.step] : []));
  const both = steps.filter((step) => step <= Math.min(...reached));
  return reached.length > 0 ? (both.at(-1) ?? null) : null;
}

export interface Problem {
  key: string;
  problem: string;
  /** Of how many kept completions how many were correct, in the left run and in the right one. */
  left: Tally | null;
  right: Tally | null;
}

export interface Tally {
  completions: number;
  correct: number;
}

/** The problems that either run has at a step, those of both first. */
export function problemsOf(index: { left: RolloutIndex | undefined; right: RolloutIndex | undefined }, choice: Choice): Problem[] {
  const found = new Map<string, Problem>();
  for (const side of SIDES) {
    for (const [key, tally] of talliesOf(index[side], choice[side])) {
      const problem = index[side]?.problems.find((one) => one.key === key)?.problem ?? "";
      const known = found.get(key) ?? { key, problem, left: null, right: null };
      found.set(key, { ...known, [side]: tally });
    }
  }
  const shared = (one: Problem) => (one.left && one.right ? 0 : 1);
  return [...found.values()].sort((a, b) => shared(a) - shared(b));
}

function talliesOf(index: RolloutIndex | undefined, side: Chosen | null): [string, Tally][] {
  const run = index?.runs.find((one) => one.run_id === side?.run?.id && one.arm === side.arm.name);
  return run?.groups.map(({ key, ...tally }) => [key, tally]) ?? [];
}

/** Where a reader begins: a problem of both runs that one of them solves at times, which is where they learn. */
export function firstProblem(problems: Problem[]): Problem | undefined {
  const mixed = (tally: Tally | null) => tally !== null && tally.correct > 0 && tally.correct < tally.completions;
  return problems.find(({ left, right }) => left && right && (mixed(left) || mixed(right))) ?? problems[0];
}

/** What stands before or after in a list; nothing beyond its ends. */
export function neighbour<T>(list: readonly T[], now: T, by: 1 | -1): T | undefined {
  const at = list.indexOf(now);
  return at < 0 ? undefined : list[at + by];
}
