/** Numbers as the page writes them. A true minus sign keeps columns of signed numbers in line. */

const MINUS = "\u2212";
const EN_DASH = "\u2013";
/** It stays on the line of its number. */
export const PERCENT = "\u00a0%";
export const NOTHING = "\u2014";

export interface Interval {
  low: number;
  high: number;
}

function fixed(value: number, digits: number): string {
  const text = halfToEven(Math.abs(value), digits);
  const negative = value < 0 && Number(text) !== 0;
  return (negative ? MINUS : "") + text;
}

/** As the command line and the report round: what lies exactly between two goes to the even one. */
function halfToEven(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  const below = Math.floor(scaled);
  const between = scaled - below === 0.5 && Number.isInteger(value * 2 ** (digits + 1));
  return (between && below % 2 === 0 ? below / 10 ** digits : value).toFixed(digits);
}

function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return text.startsWith(MINUS) || Number(text) === 0 ? text : `+${text}`;
}

/** 0.2917 -> "29.2 %" */
export function percent(fraction: number | null | undefined): string {
  return fraction == null ? NOTHING : `${fixed(fraction * 100, 1)}${PERCENT}`;
}

/** 0.2917 -> "29.2", for columns whose head says percent. */
export function points(fraction: number | null | undefined): string {
  return fraction == null ? NOTHING : fixed(fraction * 100, 1);
}

/** A difference of two shares, in percentage points with its sign: 0.019 -> "+1.9". */
export function delta(fraction: number | null | undefined): string {
  return fraction == null ? NOTHING : signed(fraction * 100, 1);
}

/** Both ends as `write` writes one. */
export function span(interval: Interval, write: (end: number) => string): string {
  return `${write(interval.low)} ${EN_DASH} ${write(interval.high)}`;
}

/** "26.1 – 32.4" */
export function range(interval: Interval | null | undefined): string {
  return interval == null ? NOTHING : span(interval, points);
}

/** "−0.4 – +4.2": both ends signed, so that zero's place between them is plain. */
export function signedRange(interval: Interval | null | undefined): string {
  return interval == null ? NOTHING : span(interval, delta);
}

/** 0.0324 -> "0.032", 0.0002 -> "<0.001" */
export function pValue(p: number | null | undefined): string {
  if (p == null) return NOTHING;
  return p < 0.001 ? "<0.001" : fixed(p, 3);
}

/** A metric of unknown size: four significant digits, exponents only where they shorten. */
export function measure(value: number | null | undefined): string {
  if (value == null) return NOTHING;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return exponential(value);
  const digits = Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(size))));
  return fixed(value, digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** 0.00015 -> "1.5e−4" */
export function exponential(value: number): string {
  return value.toExponential(2).replace(/\.?0+e/, "e").replaceAll("-", MINUS);
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** "1 run", "12 runs" */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
