/** Analysis traces beside one another: which runs have any, which are chosen, and a trace as a completion. */

import type { AskedAnalysis, Rollout, ShownTrace, SweepArms } from "../api/types";
import type { Arm, Chosen, Side } from "./choice";
import { ALONE } from "./choice";
import type { Only } from "./looked";
import type { Marked } from "./marks";

export const UNTRAINED = "untrained";

/** Stands where an arm would: the model that every run began as. */
const UNTRAINED_ARM = { name: UNTRAINED, template: UNTRAINED, method: { method: "base" }, train: null, is_baseline: false } as unknown as Arm;

/** The finished analyses, of several of the same weights the one that was asked for last. */
export function tracedRuns(analyses: AskedAnalysis[]): AskedAnalysis[] {
  const latest = new Map<string, AskedAnalysis>();
  for (const one of analyses.filter(({ status }) => status === "succeeded")) {
    const key = `${one.subject_id} ${one.step}`;
    const known = latest.get(key);
    if (!known || known.requested_at <= one.requested_at) latest.set(key, one);
  }
  return [...latest.values()];
}

export interface TraceChoice {
  steps: number[];
  /** After which step arms are read; null: each after its last. */
  step: number | null;
  arms: Arm[];
  sides: Record<Side, TraceSide | null>;
}

export interface TraceSide extends Omit<Chosen, "run"> {
  seeds: number[];
  /** The analysis, where there is one of that arm, seed and step. */
  analysis: AskedAnalysis | null;
}

/** The baseline against the selected arm or the first other one; what has no training, by itself. */
export function chooseTraces(parameters: URLSearchParams, sweep: SweepArms, traced: AskedAnalysis[]): TraceChoice {
  const steps = [...new Set(traced.map(({ step }) => step))].filter((step) => step > 0).sort((a, b) => a - b);
  const step = steps.find((one) => String(one) === parameters.get("after")) ?? null;
  const trained = sweep.arms_list.filter((arm) => traced.some((one) => one.step > 0 && one.arm === arm.name));
  const untrained = traced.some((one) => one.step === 0) ? [UNTRAINED_ARM] : [];
  const arms = [...trained, ...untrained];
  const named = (name: string | null) => arms.find((arm) => arm.name === name);
  const left = named(parameters.get("left")) ?? trained.find((arm) => arm.is_baseline) ?? arms[0];
  const others = arms.filter((arm) => arm !== left);
  const usual = others.find((arm) => arm.name === parameters.get("arm")) ?? others[0];
  const right = parameters.get("right") === ALONE ? undefined : (named(parameters.get("right")) ?? usual);
  const sideOf = (arm: Arm | undefined, seed: string | null) => (arm ? pick(arm, seed, step, traced) : null);
  const seed = parameters.get("seed");
  return { steps, step, arms, sides: { left: sideOf(left, seed), right: sideOf(right, parameters.get("right_seed") ?? seed) } };
}

function pick(arm: Arm, asked: string | null, step: number | null, traced: AskedAnalysis[]): TraceSide {
  if (arm === UNTRAINED_ARM) return { arm, seed: 0, seeds: [], analysis: traced.find((one) => one.step === 0) ?? null };
  const own = traced.filter((one) => one.arm === arm.name && one.step > 0);
  const seeds = [...new Set(own.map(({ seed }) => seed ?? 0))].sort((a, b) => a - b);
  const seed = seeds.find((one) => String(one) === asked) ?? seeds[0] ?? 0;
  const mine = own.filter((one) => one.seed === seed);
  const last = Math.max(...mine.map((one) => one.step));
  return { arm, seed, seeds, analysis: mine.find((one) => one.step === (step ?? last)) ?? null };
}

/** A trace of the weights after `step` as the completions of this tab are: it has no advantage and no psi. */
export function asCompletion(trace: ShownTrace, step: number): Rollout & Marked {
  const { number, problem, question, prompt, tokens, entropies, correct, words, sentences } = trace;
  const stretches = (kind: "reflective" | "rare") =>
    sentences.filter((one) => one[kind === "rare" ? 3 : 2]).map(([first, last]): [number, number] => [first, last]);
  return {
    step,
    index: number,
    key: String(problem),
    problem: question,
    prompt,
    tokens,
    entropies,
    advantages: [],
    psi: [],
    reward: correct ? 1 : 0,
    correct,
    words,
    reflective: stretches("reflective"),
    rare: stretches("rare"),
  };
}

/** One trace among all of a sweep. */
export function traceName(run: number | null, index: number): string {
  return `${run}/${index}`;
}

export interface TraceProblem {
  number: number;
  question: string;
}

/** The problems that they are of, by their numbers. */
export function traceProblems(traces: ShownTrace[]): TraceProblem[] {
  const known = new Map(traces.map(({ problem, question }) => [problem, { number: problem, question }]));
  return [...known.values()].sort((a, b) => a.number - b.number);
}

/** Of their words, in an order that does not follow from which of them is shown. */
export function categoriesOf(traces: ShownTrace[]): string[] {
  return [...new Set(traces.flatMap(({ words }) => words.map(([, , category]) => category)))].sort();
}

export interface TraceFilter {
  problem: number | undefined;
  only: Only | null;
  /** What they say, in any case. */
  search: string;
}

export function filtered(traces: ShownTrace[], { problem, only, search }: TraceFilter): ShownTrace[] {
  const wanted = search.toLowerCase();
  return traces.filter(
    (one) => one.problem === problem && (only === null || one.correct === (only === "correct")) && one.tokens.join("").toLowerCase().includes(wanted),
  );
}
