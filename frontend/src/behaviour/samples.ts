/** A sweep with analyses, and a service that answers for it, for tests. */

import type { ArmFigures, ArmGaps, BehaviourDifferences, CollapseOfRun, EntropyGap, Figure, KindFigures, RareSentences, SweepBehaviour, SweepDetail } from "../api/types";
import { VIEWS } from "./gaps";

export const SWEEP = {
  id: 7,
  name: "looked at",
  baseline: "grpo",
  progress: { total: 4, queued: 0, running: 0, cancelling: 0, succeeded: 4, failed: 0, cancelled: 0 },
  arms_list: [
    { name: "base", template: "base", method: { method: "base" }, train: null, is_baseline: false },
    { name: "grpo", template: "grpo", method: { method: "grpo" }, train: {}, is_baseline: true },
    { name: "bonus", template: "bonus", method: { method: "entropy_bonus", beta: 0.001 }, train: {}, is_baseline: false },
    { name: "shaped", template: "shaped", method: { method: "entropy_shaped", alpha: 0.4, kappa: 2, form: "additive" }, train: {}, is_baseline: false },
  ],
} as unknown as SweepDetail;

export function figure(value: number | null, half: number | null = 0.1): Figure {
  return value === null || half === null ? { value, low: null, high: null } : { value, low: value - half, high: value + half };
}

export function kind(name: string, of: KindFigures["of"], gap: number | null): KindFigures {
  const mean = gap === null ? figure(null) : figure(0.5 + gap);
  return { name, of, count: gap === null ? 0 : 40, problems: 12, per_thousand: figure(20, 2), mean, rest: figure(0.5), gap: figure(gap) };
}

const numberOf = (name: string, step: number) => 100 * name.length + 10 * step;

export function arm(name: string, step: number, changes: Partial<ArmFigures> = {}): ArmFigures {
  return {
    arm: name,
    step,
    seeds: step === 0 ? [] : [0, 1],
    run_ids: step === 0 ? [90] : [numberOf(name, step), numberOf(name, step) + 1],
    over: step === 0 ? "problems" : "seeds and problems",
    problems: 16,
    traces: 128,
    tokens: 9000,
    correct: 0.25,
    truncated: 0,
    entropy: figure(0.5),
    kinds: [kind("all", "words", 0.3), kind("causal", "words", 0.4), kind("verbs", "words", null), kind("reflective", "sentences", 0.2), kind("rare", "sentences", 0.1)],
    ...changes,
  };
}

export function collapse(name: string, seed: number | null, step: number, changes: Partial<CollapseOfRun> = {}): CollapseOfRun {
  const information = { mutual: figure(1.5), conditional: figure(0.6), marginal: figure(2) };
  const found = { problems: 16, traces: 32, unknown: 0, most: 2.77, sequence: information, token: information, retrieval: [{ k: 1, share: figure(0.5), chance: 0.0625 }] };
  return { run_id: 1000 + 10 * name.length + step + (seed ?? 0), subject_id: step === 0 ? null : 20 + (seed ?? 0), arm: name, seed, step, collapse: found, regime: "diverse", ...changes };
}

export function inquiry(changes: object = {}) {
  return {
    key: "a".repeat(12),
    settings: {
      step: 0,
      probe: { split: "eval", problems: 16, traces: 4, temperature: 1, seed: 0, max_completion_tokens: 20 },
      lexicon: { name: "english-1", language: "en", words: { causal: ["because"], verbs: ["suggest*"] }, reflective: ["wait"], ends: [] },
      rare: { neighbours: 5, share: 0.1, embedder: "all-minilm-l6-v2", shown: 50 },
      collapse: { problems: 16, traces: 2 },
      shown: 16,
    },
    analyses: { succeeded: 5 },
    ...changes,
  };
}

export function behaviour(changes: object = {}): SweepBehaviour {
  return {
    sweep_id: 7,
    baseline: "grpo",
    inquiries: [inquiry()],
    inquiry: "a".repeat(12),
    arms: [arm("untrained", 0), arm("grpo", 5), arm("grpo", 10), arm("bonus", 10), arm("shaped", 5), arm("shaped", 10)],
    collapses: [collapse("untrained", null, 0), collapse("grpo", 0, 10), collapse("shaped", 0, 5, { subject_id: 30 }), collapse("shaped", 0, 10, { subject_id: 30, regime: "template collapse" })],
    remarks: ["bonus: 1 seed, so that training noise is not in the intervals."],
    ...changes,
  } as SweepBehaviour;
}

export function gap(view: EntropyGap["view"], delta: number | null, p: number | null): EntropyGap {
  return { view, delta: figure(delta), p, adjusted_p: p, note: p === null ? "in 2 problems; an interval needs 5, and more where they differ" : "" };
}

/** Causal words are higher everywhere; reflective sentences only until like is set against like. */
export function gaps(name = "shaped", step = 10): ArmGaps {
  const everywhere = (delta: number | null, p: number | null) => VIEWS.map((view) => gap(view, delta, p));
  const held = VIEWS.map((view) => (view === "both" ? gap(view, 0.01, 0.8) : gap(view, 0.2, 0.01)));
  const of = (own: string, kinds: "words" | "sentences", found: EntropyGap[]) => ({ name: own, of: kinds, gaps: found, profile: [], rest_profile: [] });
  return {
    arm: name,
    step,
    seeds: [0, 1],
    run_ids: [110, 210],
    over: "seeds and problems",
    kinds: [
      of("all", "words", everywhere(0.3, 0.001)),
      of("causal", "words", everywhere(0.4, 0.002)),
      of("verbs", "words", everywhere(null, null)),
      of("reflective", "sentences", held),
      of("rare", "sentences", everywhere(0.02, 0.6)),
    ],
  };
}

export function differences(baseline = "grpo"): BehaviourDifferences {
  const of = { over: "seeds and problems" as const, seeds: [0, 1], of: "words" as const };
  return {
    baseline,
    step: null,
    missing: null,
    differences: [
      { arm: "shaped", name: "causal", measure: "per_thousand", delta: figure(4, 1), p: 0.001, adjusted_p: 0.01, note: "", ...of },
      { arm: "shaped", name: "verbs", measure: "per_thousand", delta: figure(0.5, null), p: null, adjusted_p: null, note: "in 2 problems of both; 5 are needed", ...of },
      { arm: "shaped", name: "causal", measure: "gap", delta: figure(-0.1, 0.2), p: 0.4, adjusted_p: 0.9, note: "", ...of },
    ],
  };
}

export function sentences(): RareSentences {
  const shown = [
    { problem: 1, trace: 0, text: "Zooming out, it is a tower.", distance: 0.8, entropy: 0.9, nearest: [{ problem: 1, text: "So it is seven.", distance: 0.7 }] },
    { problem: 3, trace: 2, text: "<b>Imagine</b> a circle.", distance: 0.7, entropy: null, nearest: [{ problem: 2, text: "Draw a line.", distance: 0.6 }] },
  ];
  return { threshold: 0.5, base_threshold: 0.55, sentences: 400, base_sentences: 380, shown };
}
