/** What is shown, as files: one row for each token, or the completions as the API answers them. */

import type { Rollout } from "../api/types";
import type { Cell } from "../text/csv";
import type { Chosen, Side } from "./choice";
import type { Marked } from "./marks";
import { isCapped } from "./shades";
import { kappaOf } from "./words";

export interface ShownSide {
  chosen: Chosen;
  rollouts: (Rollout & Marked)[];
}

export type Shown = Record<Side, ShownSide | null>;

const HEADER: Cell[] = ["arm", "seed", "run", "step", "problem", "completion", "correct", "reward", "position", "token", "entropy", "advantage", "psi", "at_cap"];

/** Tokens and problems are written as JSON strings: spaces and lines stay, and none is a formula. */
export function csvRows(sides: ShownSide[]): Cell[][] {
  return [HEADER, ...sides.flatMap(({ chosen, rollouts }) => rollouts.flatMap((rollout) => rowsOf(chosen, rollout)))];
}

function rowsOf({ arm, seed, run }: Chosen, rollout: Rollout): Cell[][] {
  const kappa = kappaOf(arm);
  const { step, index, correct, reward } = rollout;
  const head = [arm.name, seed, run?.id ?? null, step, JSON.stringify(rollout.problem), index, String(correct), reward];
  return rollout.tokens.map((token, at) => {
    const [advantage, psi] = [rollout.advantages[at] ?? null, rollout.psi[at] ?? null];
    const capped = String(isCapped(psi, advantage, kappa));
    return [...head, at, JSON.stringify(token), rollout.entropies[at] ?? null, advantage, psi, capped];
  });
}

export function writeJson(sides: ShownSide[]): string {
  const named = sides.map(({ chosen, rollouts }) => ({ arm: chosen.arm.name, seed: chosen.seed, run: chosen.run?.id ?? null, rollouts }));
  return JSON.stringify(named, null, 1);
}
