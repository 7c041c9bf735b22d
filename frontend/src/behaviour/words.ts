/** What the page says of figures, differences and settings. */

import type { BehaviourDifference, EntropyGap, Figure, Inquiry } from "../api/types";
import { measure as number, NOTHING, pValue, plural, span } from "../text/numbers";
import { ALL, type Kind, type Measure } from "./figures";

/** An established difference has an adjusted p below this. */
export const CLEAR = 0.05;

/** What sums of thousands of terms leave where there is nothing. */
const ROUNDING = 1e-9;

/** Three digits are enough beside an interval. */
export function short(value: number | null | undefined): string {
  if (value == null) return NOTHING;
  return Math.abs(value) < ROUNDING ? "0" : number(Number(value.toPrecision(3)));
}

export function signedShort(value: number | null | undefined): string {
  return value != null && value >= ROUNDING ? `+${short(value)}` : short(value);
}

export function interval({ low, high }: Figure, write: (value: number) => string = short): string {
  return low == null || high == null ? "no interval" : span({ low, high }, write);
}

/** As many decimals as the interval's width deserves: two of its digits. */
export function roundedTo(figure: Figure, signed = false): (value: number) => string {
  const write = signed ? signedShort : short;
  const { low, high } = figure;
  if (low == null || high == null || high - low < ROUNDING) return write;
  const decimals = Math.min(Math.max(1 - Math.floor(Math.log10((high - low) / 2)), 0), 6);
  return (value) => write(Number(value.toFixed(decimals)));
}

/** "0.31 (0.22 – 0.40)" */
export function figureWords(figure: Figure, write = roundedTo(figure)): string {
  if (figure.value == null) return "none";
  return figure.low == null ? write(figure.value) : `${write(figure.value)} (${interval(figure, write)})`;
}

/** Whether a difference in entropy is there, in words; a null is said to be one. */
export function verdict({ delta, adjusted_p: p, note }: EntropyGap | BehaviourDifference): string {
  if (p === null) return note || "not known";
  if (p >= CLEAR) return "no difference established";
  return (delta.value ?? 0) > 0 ? "higher" : "lower";
}

export function pWords(p: number | null): string {
  return p === null ? NOTHING : pValue(p);
}

export function seedsWords(seeds: readonly number[], over: string): string {
  if (seeds.length === 0) return "no training";
  return seeds.length === 1 ? "1 seed: training noise not included" : `${plural(seeds.length, "seed")}, over ${over}`;
}

/** What was asked, in a line. */
export function inquiryWords({ settings: { probe, lexicon, rare, collapse } }: Inquiry): string[] {
  return [
    `${plural(probe.traces, "trace")} of each of ${plural(probe.problems, "problem")}, ${probe.split === "eval" ? "evaluation" : "held-out"} split`,
    `temperature ${number(probe.temperature)}`,
    `words of ${lexicon.name}`,
    rare ? `sentences by ${rare.embedder}` : "sentences not compared",
    collapse ? `${plural(collapse.traces, "trace")} of ${plural(collapse.problems, "problem")} scored under every prompt` : "no trace scored",
  ];
}

function totalOf({ analyses }: Inquiry): number {
  return Object.values(analyses).reduce((sum: number, some) => sum + (some ?? 0), 0);
}

/** "3 of 5 done" */
export function shareWords(inquiry: Inquiry): string {
  return `${inquiry.analyses["succeeded"] ?? 0} of ${totalOf(inquiry)} done`;
}

const STATES = ["running", "queued", "cancelling", "failed", "cancelled"] as const;

/** "12 of 15 analyses done, 1 running, 2 queued" */
export function progressWords(inquiry: Inquiry): string {
  const { analyses } = inquiry;
  const others = STATES.flatMap((state) => (analyses[state] ? [`${analyses[state]} ${state}`] : []));
  return [`${analyses["succeeded"] ?? 0} of ${plural(totalOf(inquiry), "analysis", "analyses")} done`, ...others].join(", ");
}

export const VIEW_NAMES: Record<EntropyGap["view"], string> = {
  all: "all tokens",
  position: "within tenths of the trace",
  problem: "within problems",
  both: "within both",
  "word starts": "against tokens that begin a word",
};

/** What a figure of a kind tells. */
export function measureWords(measure: Measure, kind: Kind): string {
  const place = kind.of === "sentences" ? `a ${kind.name} sentence stands` : kind.name === ALL ? "a listed word begins" : `a word listed as “${kind.title}” begins`;
  if (measure === "per_thousand") return `How often ${place}, per 1,000 tokens.`;
  if (measure === "gap") return `How much more undecided the model is where ${place} than elsewhere: the difference in mean entropy, nats.`;
  return `How undecided the model is where ${place}: the mean entropy of the next token, nats.`;
}
