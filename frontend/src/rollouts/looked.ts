/** Everything the address and the service say of what is looked at. */

import { useMemo, useState } from "react";

import { isLive } from "../api/queries";
import { EVERY, FIRST_PAGE, useRolloutIndex, useRollouts, type Wanted } from "../api/rollouts";
import type { Rollout, RolloutIndex, RolloutPage, SweepDetail, SweepRun } from "../api/types";
import { useSettled } from "../shell/settled";
import { useView, type ViewChange } from "../shell/view";
import { choose, firstProblem, lastShared, problemsOf, type Choice, type Problem, type Side } from "./choice";
import { readMarks, type Mark } from "./marks";
import { MEASURES, type Measure } from "./shades";

const TYPING_MS = 250;

export const ONLY = ["correct", "wrong"] as const;
export type Only = (typeof ONLY)[number];

export function readOnly(parameters: URLSearchParams): Only | null {
  return ONLY.find((name) => name === parameters.get("only")) ?? null;
}

export interface Looked {
  choice: Choice;
  steps: number[];
  step: number | null;
  /** A later step that both runs have reached since the tab was opened. */
  newer: number | null;
  problems: Problem[];
  problem: Problem | null;
  measure: Measure;
  only: Only | null;
  search: string;
  unfolded: boolean;
  marks: ReadonlySet<Mark>;
  /** The completion that the address names. */
  at: string | null;
  indices: Record<Side, RolloutIndex | undefined>;
  /** Whether what the step has is known already. */
  known: boolean;
  change: (wanted: ViewChange) => void;
}

export interface Found {
  looked: Looked;
  error: Error | null;
  pending: boolean;
}

export function useLooked(sweep: SweepDetail, runs: SweepRun[], busy: boolean): Found {
  const [parameters, change] = useView();
  const [opened] = useState(runs);
  const { arms_list } = sweep;
  const choice = useMemo(() => choose(parameters, { arms_list }, runs, opened), [parameters, arms_list, runs, opened]);
  const seed = choice.left?.seed ?? null;
  const otherSeed = choice.right?.seed ?? seed;
  const all = useRolloutIndex(sweep.id, null, seed, busy);
  const steps = all.data?.steps ?? [];
  const { step, newer } = useStep(parameters, steps, choice);
  const asked = step === all.data?.step ? null : step;
  const left = useRolloutIndex(sweep.id, asked, seed, busy);
  const right = useRolloutIndex(sweep.id, asked, otherSeed, busy);
  const indices = { left: left.data, right: right.data };
  const current = left.data?.step === step && right.data?.step === step;
  const problems = useMemo(() => problemsOf({ left: left.data, right: right.data }, choice), [left.data, right.data, choice]);
  const marks = useMemo(() => readMarks(parameters.get("marks")), [parameters]);
  const named = problems.find(({ key }) => key === parameters.get("problem"));
  const looked: Looked = {
    choice,
    steps,
    step,
    newer,
    problems,
    problem: (current ? (named ?? firstProblem(problems)) : named) ?? null,
    measure: MEASURES.find((name) => name === parameters.get("shade")) ?? "entropy",
    only: readOnly(parameters),
    search: parameters.get("find") ?? "",
    marks,
    unfolded: parameters.get("long") === "open",
    at: parameters.get("at"),
    indices,
    known: current,
    change,
  };
  return { looked, error: all.error ?? left.error ?? right.error, pending: !all.data || (steps.length > 0 && !current) };
}

/**
 * The step in the address, else the last that both runs had when the tab was opened: nothing moves
 * under a reader's eyes because a run goes on. Other runs begin anew at their last.
 */
function useStep(parameters: URLSearchParams, steps: number[], choice: Choice) {
  const latest = lastShared(steps, choice);
  const runs = `${choice.left?.run?.id} ${choice.right?.run?.id}`;
  const [held, hold] = useState<{ runs: string; step: number } | null>(null);
  const asked = Number(parameters.get("step"));
  const named = parameters.has("step") && Number.isInteger(asked) && asked >= 0 ? asked : null;
  if (latest !== null && held?.runs !== runs) hold({ runs, step: latest });
  const step = named ?? (held?.runs === runs ? held.step : latest);
  return { step, newer: latest !== null && step !== null && latest > step && named === null ? latest : null };
}

/** The completions of one side; nothing is asked where it has none of the problem. */
export function useSide(side: Side, looked: Looked) {
  const [limit, setLimit] = useState(FIRST_PAGE);
  const run = looked.choice[side]?.run ?? null;
  const search = useSettled(looked.search, TYPING_MS);
  const next = wantedOf(side, { ...looked, search }, limit);
  const [held, hold] = useState(next);
  if (looked.known && !equal(held, next)) hold(next);
  // What was read stays until it is known what comes in its place.
  const wanted = looked.known ? next : held?.run === run?.id ? held : null;
  const page = useRollouts(wanted, run !== null && isGrowing(run, looked));
  return { wanted, page, showAll: () => setLimit(EVERY) };
}

/** Whether more may come of the step: it is the newest that the run has kept. */
function isGrowing(run: SweepRun, { steps, step }: Looked): boolean {
  return isLive(run.status) && step === steps.filter((one) => one <= run.step).at(-1);
}

function wantedOf(side: Side, { choice, step, problem, only, search }: Looked, limit: number): Wanted | null {
  const run = choice[side]?.run;
  if (!run || step === null || !problem?.[side]) return null;
  return { run: run.id, attempt: run.attempt, step, problem: problem.key, correct: only && only === "correct", search, limit };
}

function equal(one: Wanted | null, other: Wanted | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** One completion among all of a sweep. */
export function nameOf(page: RolloutPage, rollout: Rollout): string {
  return `${page.run_id}/${rollout.step}/${rollout.index}`;
}
