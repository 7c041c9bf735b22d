/** What is shown, as files: one row for each token, or the completions as the API answers them. */

import type { Rollout } from "../api/types";
import type { Cell } from "../text/csv";
import type { Arm, Side } from "./choice";
import type { Marked } from "./marks";
import { isCapped } from "./shades";
import { kappaOf } from "./words";

export interface ShownSide {
  arm: Arm;
  seed: number;
  /** That of the training, or of the analysis. */
  run: number | null;
  rollouts: (Rollout & Marked)[];
}

export type Shown = Record<Side, ShownSide | null>;

const HEADER: Cell[] = ["arm", "seed", "run", "step", "problem", "completion", "correct", "reward", "position", "token", "entropy", "advantage", "psi", "at_cap"];

/** Tokens and problems are written as JSON strings: spaces and lines stay, and none is a formula. */
export function csvRows(sides: ShownSide[]): Cell[][] {
  return [HEADER, ...sides.flatMap((side) => side.rollouts.flatMap((rollout) => rowsOf(side, rollout)))];
}

function rowsOf({ arm, seed, run }: ShownSide, rollout: Rollout): Cell[][] {
  const kappa = kappaOf(arm);
  const { step, index, correct, reward } = rollout;
  const head = [arm.name, seed, run, step, JSON.stringify(rollout.problem), index, String(correct), reward];
  return rollout.tokens.map((token, at) => {
    const [advantage, psi] = [rollout.advantages[at] ?? null, rollout.psi[at] ?? null];
    const capped = String(isCapped(psi, advantage, kappa));
    return [...head, at, JSON.stringify(token), rollout.entropies[at] ?? null, advantage, psi, capped];
  });
}

export function writeJson(sides: ShownSide[]): string {
  const named = sides.map(({ arm, seed, run, rollouts }) => ({ arm: arm.name, seed, run, rollouts }));
  return JSON.stringify(named, null, 1);
}
