/** Axes of curves, linear or logarithmic, labelled in the units that readers think in. */

import { axis, valueAxis } from "../charts/options";
import type { Ink } from "../charts/palette";
import { count, exponential, measure } from "../text/numbers";
import { duration } from "../text/times";
import type { XAxis } from "./drawing";

export type Range = readonly [low: number, high: number];

const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const UNITS: [seconds: number, name: string][] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** A place on the x axis in words, for tooltips: "step 120", "1.2M tokens", "after 5 min 12 s". */
export function placeWords(x: XAxis, place: number): string {
  if (x === "step") return `step ${Number.isInteger(place) ? count(place) : `about ${count(Math.round(place))}`}`;
  return x === "tokens" ? `${compact.format(place)} tokens` : `after ${duration(place)}`;
}

export function rangeWords(x: XAxis, [low, high]: Range): string {
  if (x === "step") return `steps ${count(low)} to ${count(high)}`;
  if (x === "tokens") return `${compact.format(low)} to ${compact.format(high)} tokens`;
  return `${duration(low)} to ${duration(high)}`;
}

export function horizontal(ink: Ink, x: XAxis, log: boolean, range: Range) {
  const common = axis(ink);
  const [min, max] = range[0] < range[1] ? range : log ? [range[0] / 2, range[1] * 2] : [range[0] - 1, range[1] + 1];
  const unit = x === "seconds" ? unitOf(max - min) : null;
  return {
    ...scale(log, max / min),
    min,
    max,
    ...(unit && !log && { interval: unit[0] * nice((max - min) / unit[0] / 5) }),
    ...common,
    axisLabel: { ...common.axisLabel, formatter: (value: number) => label(x, value, unit), showMaxLabel: x === "step", alignMaxLabel: "right" as const, alignMinLabel: "left" as const },
    splitLine: { show: false },
    splitNumber: 4,
  };
}

export function vertical(ink: Ink, log: boolean, [low, high]: Range) {
  if (!log) return { ...valueAxis(ink, height), splitNumber: 4 };
  // Left to itself the axis would end at powers, which may be far away.
  return { ...valueAxis(ink, (value) => height(twoDigits(value, Math.round))), ...scale(true, high / low), min: twoDigits(low, Math.floor), max: twoDigits(high, Math.ceil) };
}

/** Short enough for the room beside a plot. */
function height(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && size < 1e-3) return exponential(value);
  return size < 10_000 ? measure(value) : compact.format(value);
}

/** 0.0078125 -> 0.0078: a power of two in as few digits as tell it from its neighbours. */
function twoDigits(value: number, round: (value: number) => number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return round(value / unit) * unit;
}

/** Powers of ten have no two marks between 0.2 and 0.4; powers of two do. */
function scale(log: boolean, ratio: number) {
  return log ? { type: "log" as const, logBase: ratio < 100 ? 2 : 10 } : { type: "value" as const };
}

function unitOf(range: number): [seconds: number, name: string] {
  return UNITS.find(([seconds]) => range >= 2 * seconds) ?? [1, "s"];
}

function label(x: XAxis, value: number, unit: [seconds: number, name: string] | null): string {
  if (x === "tokens") return compact.format(value);
  if (unit) return `${measure(value / unit[0])} ${unit[1]}`;
  return Number.isInteger(value) ? count(value) : measure(value);
}

/** 1, 2 or 5 times a power of ten, not below `step`. */
function nice(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5, 10].find((times) => times * power >= step) ?? 10);
}
