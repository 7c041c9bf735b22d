/** The columns of the arms table: how each is read, sorted and written. */

import type { ComparedArm, Comparison, Difference, Estimate } from "../api/types";
import { delta, measure, NOTHING, percent, points, pValue, range, signedRange } from "../text/numbers";
import { markOf } from "./marks";

export interface Column {
  /** Also how the address names it; those of one k end in `@k`. */
  id: string;
  title: string;
  /** What else its head says to those who do not see what stands above it. */
  hint?: string;
  /** The first of its k. */
  starts?: true;
  text: (arm: ComparedArm) => string;
  /** A second line. */
  note?: (arm: ComparedArm) => string;
  sort: (arm: ComparedArm) => number | string | null;
  /** How the text, or the note, is dressed. */
  look?: (arm: ComparedArm) => string | undefined;
  noteLook?: (arm: ComparedArm) => string | undefined;
}

/** The columns of one k. */
export interface KColumns {
  k: number;
  index: number;
  columns: Column[];
}

/** What the table shows unless told otherwise: one try, a few, and as many as there are. */
export const FIRST_KS = [1, 8];

/** The ks of the table, rising: those asked for, else the first choice; and always the one of the slider. */
export function shownKs(ks: number[], asked: number[], k: number): number[] {
  const wanted = asked.length > 0 ? asked : [...FIRST_KS, ks.at(-1)];
  return ks.filter((one) => one === k || wanted.includes(one));
}

export function columnsOfK(k: number, index: number): KColumns {
  const passAt = (arm: ComparedArm): Estimate | undefined => arm.pass_at?.[index];
  const deltaAt = (arm: ComparedArm): Difference | undefined => arm.delta?.[index];
  const columns: Column[] = [
    {
      id: `pass@${k}`,
      title: "%",
      starts: true,
      hint: `pass@${k} and its 95\u00a0% interval`,
      text: (arm) => points(passAt(arm)?.mean),
      note: (arm) => range(passAt(arm)),
      sort: (arm) => passAt(arm)?.mean ?? null,
    },
    {
      id: `delta@${k}`,
      title: "Δ",
      hint: `difference in pass@${k}, points, and its 95\u00a0% interval`,
      text: (arm) => (arm.is_baseline ? NOTHING : delta(deltaAt(arm)?.mean)),
      note: (arm) => signedRange(deltaAt(arm)),
      sort: (arm) => deltaAt(arm)?.mean ?? null,
      look: (arm) => directionOf(deltaAt(arm)),
      noteLook: (arm) => (markOf(deltaAt(arm)) === "suggested" ? "suggested" : undefined),
    },
    {
      id: `p@${k}`,
      title: "adjusted p",
      hint: `p of the difference in pass@${k} and its interval, adjusted for all arms`,
      text: (arm) => pValue(deltaAt(arm)?.adjusted_p),
      note: (arm) => signedRange(adjusted(deltaAt(arm))),
      sort: (arm) => deltaAt(arm)?.adjusted_p ?? null,
      noteLook: (arm) => (markOf(deltaAt(arm)) === "established" ? "established" : undefined),
    },
  ];
  return { k, index, columns };
}

export const ARM: Column = { id: "arm", title: "Arm", text: (arm) => arm.name, sort: (arm) => arm.name };

/** What is the same at every k. */
export const OTHERS: Column[] = [
  {
    id: "seeds",
    title: "Seeds",
    hint: "how many of the planned ones have a result",
    text: seedsText,
    sort: (arm) => arm.seeds.length,
    look: (arm) => (arm.succeeded < arm.runs ? "missing" : undefined),
  },
  { id: "entropy", title: "Entropy", hint: "in nats, at the end of training", text: (arm) => measure(arm.entropy), sort: (arm) => arm.entropy },
  { id: "truncated", title: "Cut off", hint: "completions that reached the token limit", text: (arm) => percent(arm.truncated), sort: (arm) => arm.truncated },
];

export function allColumns(groups: KColumns[]): Column[] {
  return [ARM, ...groups.flatMap(({ columns }) => columns), ...OTHERS];
}

/** The sign is worth a colour only where it is established. */
function directionOf(difference: Difference | undefined): string | undefined {
  if (!difference?.established) return undefined;
  return difference.mean > 0 ? "more" : "less";
}

function adjusted(difference: Difference | undefined) {
  return difference && { low: difference.adjusted_low, high: difference.adjusted_high };
}

function seedsText(arm: ComparedArm): string {
  if (arm.method.method === "base" && arm.succeeded > 0) return "none";
  const missing = arm.runs - arm.succeeded;
  return missing > 0 ? `${arm.succeeded} of ${arm.runs}` : String(arm.seeds.length);
}

export interface Order {
  column: string;
  falling: boolean;
}

/** `delta@8` rises, `-delta@8` falls. */
export function readOrder(text: string | null): Order | null {
  if (!text) return null;
  return text.startsWith("-") ? { column: text.slice(1), falling: true } : { column: text, falling: false };
}

export function writeOrder(order: Order | null): string | null {
  return order && `${order.falling ? "-" : ""}${order.column}`;
}

/** What a click on a column's head asks for next: numbers fall first, words rise; then none. */
export function nextOrder(order: Order | null, column: Column): Order | null {
  const first = column.id !== ARM.id;
  if (order?.column !== column.id) return { column: column.id, falling: first };
  return order.falling === first ? { column: column.id, falling: !first } : null;
}

/** The baseline first, then by the column; arms without a value last, in the sweep's order. */
export function ordered(arms: ComparedArm[], columns: Column[], order: Order | null): ComparedArm[] {
  const column = columns.find(({ id }) => id === order?.column);
  const rest = arms.filter((arm) => !arm.is_baseline);
  if (column) {
    const sign = order?.falling ? -1 : 1;
    rest.sort((a, b) => {
      const [left, right] = [column.sort(a), column.sort(b)];
      if (left === null || right === null) return Number(left === null) - Number(right === null);
      return sign * compared(left, right);
    });
  }
  return [...arms.filter((arm) => arm.is_baseline), ...rest];
}

function compared(left: number | string, right: number | string): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left).localeCompare(String(right), "en", { numeric: true });
}

/** The groups of columns of a comparison at these ks. */
export function groupsOf({ ks }: Comparison, shown: number[]): KColumns[] {
  return shown.map((k) => columnsOfK(k, ks.indexOf(k)));
}
