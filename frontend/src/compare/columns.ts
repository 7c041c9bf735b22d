/** The columns of the arms table: how each is read, sorted and exported. */

import type { ComparedArm, Difference, Estimate } from "../api/types";
import { delta, measure, NOTHING, percent, points, pValue, range, signedRange } from "../text/numbers";
import { markOf } from "./marks";

export interface Column {
  id: string;
  title: string;
  hint?: string;
  text: (arm: ComparedArm, index: number) => string;
  sort: (arm: ComparedArm, index: number) => number | null;
  /** How the text is dressed. */
  look?: (arm: ComparedArm, index: number) => string | undefined;
  /** Left to the opened row where there is no room. */
  wide?: true;
}

const passAt = (arm: ComparedArm, index: number): Estimate | undefined => arm.pass_at?.[index];
const deltaAt = (arm: ComparedArm, index: number): Difference | undefined => arm.delta?.[index];

export const COLUMNS: Column[] = [
  { id: "mean", title: "pass@k", hint: "%", text: (arm, k) => points(passAt(arm, k)?.mean), sort: (arm, k) => passAt(arm, k)?.mean ?? null },
  { id: "interval", title: "95 % interval", text: (arm, k) => range(passAt(arm, k)), sort: (arm, k) => passAt(arm, k)?.low ?? null, wide: true },
  {
    id: "delta",
    title: "Δ",
    hint: "points",
    text: (arm, k) => (arm.is_baseline ? NOTHING : delta(deltaAt(arm, k)?.mean)),
    sort: (arm, k) => deltaAt(arm, k)?.mean ?? null,
    look: (arm, k) => directionOf(deltaAt(arm, k)),
  },
  {
    id: "delta-interval",
    title: "95 % interval of Δ",
    text: (arm, k) => signedRange(deltaAt(arm, k)),
    sort: (arm, k) => deltaAt(arm, k)?.low ?? null,
    look: (arm, k) => (markOf(deltaAt(arm, k)) === "suggested" ? "suggested" : undefined),
    wide: true,
  },
  {
    id: "adjusted-interval",
    title: "adjusted interval",
    text: (arm, k) => signedRange(adjusted(deltaAt(arm, k))),
    sort: (arm, k) => deltaAt(arm, k)?.adjusted_low ?? null,
    look: (arm, k) => (markOf(deltaAt(arm, k)) === "established" ? "established" : undefined),
  },
  { id: "p", title: "p", text: (arm, k) => pValue(deltaAt(arm, k)?.p), sort: (arm, k) => deltaAt(arm, k)?.p ?? null, wide: true },
  { id: "adjusted-p", title: "adjusted p", text: (arm, k) => pValue(deltaAt(arm, k)?.adjusted_p), sort: (arm, k) => deltaAt(arm, k)?.adjusted_p ?? null },
  { id: "seeds", title: "Seeds", text: seedsText, sort: (arm) => arm.seeds.length },
  { id: "entropy", title: "Entropy", hint: "nats", text: (arm) => measure(arm.entropy), sort: (arm) => arm.entropy, wide: true },
  { id: "truncated", title: "Truncated", text: (arm) => percent(arm.truncated), sort: (arm) => arm.truncated, wide: true },
];

/** The sign is worth a colour only where it is established. */
function directionOf(difference: Difference | undefined): string | undefined {
  if (!difference?.established) return undefined;
  return difference.mean > 0 ? "more" : "less";
}

function adjusted(difference: Difference | undefined) {
  return difference && { low: difference.adjusted_low, high: difference.adjusted_high };
}

function seedsText(arm: ComparedArm): string {
  if (arm.method.method === "base" && arm.succeeded > 0) return "not trained";
  const missing = arm.runs - arm.succeeded;
  return missing > 0 ? `${arm.succeeded} of ${arm.runs}` : String(arm.seeds.length);
}

export interface Order {
  column: string;
  falling: boolean;
}

/** The baseline first, then by the column; arms without a value last, in the sweep's order. */
export function ordered(arms: ComparedArm[], index: number, order: Order | null): ComparedArm[] {
  const column = COLUMNS.find(({ id }) => id === order?.column);
  const rest = arms.filter((arm) => !arm.is_baseline);
  if (column) {
    const sign = order?.falling ? -1 : 1;
    rest.sort((a, b) => {
      const [left, right] = [column.sort(a, index), column.sort(b, index)];
      if (left === null || right === null) return Number(left === null) - Number(right === null);
      return sign * (left - right);
    });
  }
  return [...arms.filter((arm) => arm.is_baseline), ...rest];
}

/** All arms at all ks as CSV, fractions unrounded. */
export function comparisonCsv(arms: ComparedArm[], ks: number[]): string {
  const head = "arm,k,seeds,pass_at_k,low,high,delta,delta_low,delta_high,p,adjusted_low,adjusted_high,adjusted_p,established";
  const rows = arms.flatMap((arm) =>
    ks.map((k, index) => {
      const [pass, difference] = [passAt(arm, index), deltaAt(arm, index)];
      const { mean, low, high, p, adjusted_low, adjusted_high, adjusted_p, established } = difference ?? ({} as Partial<Difference>);
      const values = [pass?.mean, pass?.low, pass?.high, mean, low, high, p, adjusted_low, adjusted_high, adjusted_p, established];
      return [quoted(arm.name), k, arm.seeds.length, ...values.map((value) => value ?? "")].join(",");
    }),
  );
  return [head, ...rows, ""].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
