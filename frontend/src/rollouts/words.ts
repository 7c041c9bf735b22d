/** What the page says of completions, groups and tokens. */

import type { Rollout, RolloutGroup } from "../api/types";
import { measure as number, NOTHING, percent, plural } from "../text/numbers";
import type { Arm } from "./choice";
import { markWords, type Marked } from "./marks";
import { isCapped } from "./shades";
import { quote } from "./text";

const COUNTED = ["No", "The one", "Both", "All three", "All four", "All five", "All six", "All seven", "All eight", "All nine", "All ten"];

/** "All eight", "All 16" */
function all(count: number): string {
  return COUNTED[count] ?? `All ${count}`;
}

export function groupWords(group: RolloutGroup): string[] {
  const whole = `${group.correct} of ${group.completions} correct`;
  const entropy = group.mean_entropy === null ? "entropy is not a number" : `mean entropy ${number(hundredths(group.mean_entropy))} nats`;
  return [whole, `mean length ${number(Math.round(group.mean_tokens))} tokens`, entropy];
}

/** What a group without advantages teaches: nothing, or what else the arm's loss has. */
export function flatWords(group: RolloutGroup, arm: Arm): string | null {
  if (!group.flat) return null;
  const { completions, correct } = group;
  if (correct !== 0 && correct !== completions) return `None of them has an advantage: ${whatActs(arm)}.`;
  return `${agreement(group, arm)}: no advantage, ${whatActs(arm)}.`;
}

function agreement({ completions, correct }: RolloutGroup, arm: Arm): string {
  const kept = completions < (arm.train?.completions_per_prompt ?? 0) ? " kept here" : "";
  const verb = completions === 1 ? "is" : "are";
  return `${all(completions)}${kept} ${verb} ${correct === 0 ? "wrong" : "right"}`;
}

function whatActs(arm: Arm): string {
  const { method } = arm.method;
  const bonus = method === "entropy_bonus" || method === "adaptive_entropy";
  const held = (arm.train?.kl_coef ?? 0) > 0;
  const others = [bonus && "the entropy bonus", held && "the penalty on leaving the reference model"].filter(Boolean);
  return others.length > 0 ? `only ${others.join(" and ")} acts here` : "nothing is learned here";
}

/** Why a group's list is empty. */
export function noneWords({ only, search }: { only: string | null; search: string }, what: "completion" | "trace"): string {
  if (!search) return only ? `No ${what} of this problem is ${only}.` : `No ${what} of this problem was kept.`;
  return `No ${only ? `${only} ` : ""}${what} of this problem says “${search}”.`;
}

export function kappaOf(arm: Arm): number | null {
  return arm.method.method === "entropy_shaped" ? arm.method.kappa : null;
}

/** 0.54 -> "+0.54" */
export function signed(value: number | null | undefined): string {
  return value != null && value > 0 ? `+${number(value)}` : number(value);
}

export interface TokenFacts {
  place: string;
  token: string;
  entropy: string;
  advantage: string;
  psi: string;
  /** What it is part of. */
  mark: string | null;
  /** How ψ stands to its cap; nothing where nothing is shaped. */
  cap: string | null;
}

export function tokenFacts(rollout: Rollout & Marked, at: number, kappa: number | null): TokenFacts {
  const [entropy, advantage, psi] = [rollout.entropies[at] ?? null, rollout.advantages[at] ?? null, rollout.psi[at] ?? null];
  return {
    place: `token ${at + 1} of ${rollout.tokens.length}`,
    token: quote(rollout.tokens[at] ?? ""),
    mark: markWords(rollout, at),
    entropy: entropy === null ? "not a number" : `${number(entropy)} nats`,
    advantage: signed(advantage),
    psi: kappa === null ? NOTHING : number(psi),
    cap: capWords(psi, advantage, kappa),
  };
}

function capWords(psi: number | null, advantage: number | null, kappa: number | null): string | null {
  if (psi === null || advantage === null || advantage === 0 || kappa === null) return null;
  const cap = `|A|/κ = ${number(Math.abs(advantage) / kappa)}`;
  return isCapped(psi, advantage, kappa) ? `at its cap ${cap}` : `${percent(psi / Math.abs(advantage))} of |A|, cap ${cap}`;
}

/** "completion 3, correct, 18 tokens" */
export function completionName(rollout: Rollout): string {
  return `completion ${rollout.index}, ${rollout.correct ? "correct" : "wrong"}, ${plural(rollout.tokens.length, "token")}`;
}

/** Of a completion's values, as far as they are numbers; null where none is. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

export function hundredths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
