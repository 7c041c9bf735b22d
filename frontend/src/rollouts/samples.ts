/** A sweep with rollouts, and a service that answers for it, for tests. */

import type { Rollout, RolloutGroup, RolloutIndex, RolloutPage, SweepDetail, SweepRun } from "../api/types";
import type { Arm } from "./choice";

const METHODS = {
  base: { method: "base" },
  grpo: { method: "grpo" },
  bonus: { method: "entropy_bonus", beta: 0.001 },
  shaped: { method: "entropy_shaped", alpha: 0.4, kappa: 2, form: "additive" },
} as const;

export function arm(name: keyof typeof METHODS, changes: Partial<Arm> = {}): Arm {
  const train = name === "base" ? null : { completions_per_prompt: 2, kl_coef: 0 };
  return { name, template: name, method: METHODS[name], train, is_baseline: name === "grpo", shared: 0, ...changes } as unknown as Arm;
}

export const SWEEP = {
  id: 7,
  name: "a search",
  baseline: "grpo",
  arms_list: [arm("base"), arm("bonus"), arm("grpo"), arm("shaped")],
} as unknown as SweepDetail;

export function run(id: number, name: string, seed: number, changes: Partial<SweepRun> = {}): SweepRun {
  return { id, arm: name, seed, status: "succeeded", step: 10, total_steps: 10, ...changes } as unknown as SweepRun;
}

/** Two seeds of each arm; run 21 is the baseline's first, run 31 the shaped arm's. */
export const RUNS = [
  run(1, "base", 0, { step: 0, total_steps: 0 }),
  run(11, "bonus", 0, { step: 0, status: "failed" }),
  run(12, "bonus", 1, { step: 0, status: "queued" }),
  run(21, "grpo", 0),
  run(22, "grpo", 1),
  run(31, "shaped", 0),
  run(32, "shaped", 1),
];

export const PROBLEMS = [
  { key: "aaaaaaaaaaaa", problem: "3 4 -> 7" },
  { key: "bbbbbbbbbbbb", problem: "9 9 -> 0" },
];

/** The only one that seed 1 has. */
const OTHER = { key: "cccccccccccc", problem: "1 1 -> 2" };

export function rollout(index: number, tokens: string[], changes: Partial<Rollout> = {}): Rollout {
  return {
    step: 10,
    index,
    key: PROBLEMS[0]!.key,
    problem: PROBLEMS[0]!.problem,
    prompt: "Count: 3 4 -> 7",
    tokens,
    entropies: tokens.map(() => 0.5),
    advantages: tokens.map(() => 1),
    psi: tokens.map(() => 0),
    reward: 1,
    correct: true,
    words: [],
    reflective: [],
    ...changes,
  };
}

export function group(changes: Partial<RolloutGroup> = {}): RolloutGroup {
  return {
    ...PROBLEMS[0]!,
    prompt: "Count: 3 4 -> 7",
    completions: 2,
    correct: 1,
    mean_tokens: 3,
    mean_entropy: 0.5,
    flat: false,
    ...changes,
  };
}

export function indexAt(step: number, runs: number[] = [21, 31]): RolloutIndex {
  const groupsOf = (seed: number) => (seed === 0 ? PROBLEMS : [OTHER]).map(({ key }) => ({ key, completions: 2, correct: 1 }));
  const kept = RUNS.filter(({ id }) => runs.includes(id));
  const found = kept.map(({ id, arm, seed }) => ({ run_id: id, arm, seed, groups: groupsOf(seed) }));
  return { steps: [1, 5, 10], step, problems: [...PROBLEMS, OTHER], runs: found };
}

export function pageOf(run_id: number, rollouts: Rollout[], changes: Partial<RolloutPage> = {}): RolloutPage {
  return { run_id, steps: [1, 5, 10], step: 10, groups: [group()], total: rollouts.length, rollouts, lexicon: "countdown-1", categories: ["operators"], ...changes };
}
