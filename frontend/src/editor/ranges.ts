/** Evenly spaced values: by equal steps, or by equal factors. */

export type Spacing = "linear" | "log";

export interface Range {
  spacing: Spacing;
  from: string;
  to: string;
  many: string;
}

export const MOST_VALUES = 100;
const DIGITS = 3;

/** The values, rounded to three digits as a person would write them, or what is wrong. */
export function spread({ spacing, from, to, many }: Range, whole: boolean): { items: string[] } | { mistake: string } {
  const [first, last, count] = [from, to, many].map(read) as [number, number, number];
  const mistake = refuse(spacing, first, last, count);
  if (mistake) return { mistake };
  const values = Array.from({ length: count }, (_, index) => place(spacing, first, last, count === 1 ? 0 : index / (count - 1)));
  const rounded = values.map((value) => (whole ? Math.round(value) : round(value, first, last)));
  return { items: [...new Set(rounded)].map(String) };
}

function read(text: string): number {
  return text.trim() === "" ? NaN : Number(text);
}

function refuse(spacing: Spacing, first: number, last: number, count: number): string | null {
  if (!Number.isFinite(first) || !Number.isFinite(last)) return "Write a number at both ends.";
  if (!Number.isInteger(count) || count < 2 || count > MOST_VALUES) return `How many must be a whole number from 2 to ${MOST_VALUES}.`;
  if (spacing === "log" && (first <= 0 || last <= 0)) return "On a log scale both ends must be above zero.";
  return first === last ? "The ends are the same: type the value itself." : null;
}

function place(spacing: Spacing, first: number, last: number, share: number): number {
  return spacing === "log" ? first * (last / first) ** share : first + (last - first) * share;
}

/** The ends stay as they were given. */
function round(value: number, first: number, last: number): number {
  for (const end of [first, last]) if (Math.abs(value - end) <= 1e-9 * Math.abs(end)) return end;
  return Number(value.toPrecision(DIGITS));
}
