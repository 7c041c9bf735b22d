/** An arm's curve over training: the mean of its seeds wherever any of them reported. */

import type { Series } from "../api/types";
import type { Interval } from "../charts/band";
import type { Point } from "../charts/options";
import { quantileOfT } from "./quantiles";

/** As reported; of a thinned series the extremes of each stretch. */
export function pointsOf({ steps, xs, values }: Series): Point[] {
  return (xs ?? steps).map((x, index) => [x, values[index] ?? null]);
}

/** What means over seeds are made of: the reports, or the mean of each stretch of a thinned series. */
export function sampleOf(series: Series): Point[] {
  const { means } = series;
  return means ? (means.xs ?? means.steps).map((x, index) => [x, means.values[index] ?? null]) : pointsOf(series);
}

/** An arm at one place: the mean of `seeds` seeds with its 95 % interval, which takes two at least. */
export interface Spread {
  x: number;
  /** Null where a seed reported what is not a number: the others alone would flatter the arm. */
  mean: number | null;
  /** Half the width of the interval by Student's t over seeds. */
  half: number | null;
  seeds: number;
  /** Of the seeds themselves. */
  least: number | null;
  most: number | null;
}

/**
 * Seeds are read between their own reports, never beyond them: a shorter run stops taking part where
 * it ends. Read at `places` where given, else wherever any seed reported.
 */
export function spreadOf(seeds: Point[][], places?: number[]): Spread[] {
  const readers = seeds.map(readerOf);
  return (places ?? placesOf(seeds)).flatMap((x) => {
    const read = readers.map((reader) => reader(x)).filter((value) => value !== undefined);
    return read.length === 0 ? [] : [spreadAt(x, read)];
  });
}

function placesOf(seeds: Point[][]): number[] {
  return Array.from(new Set(seeds.flatMap((points) => points.map(([x]) => x)))).sort((a, b) => a - b);
}

function spreadAt(x: number, read: (number | null)[]): Spread {
  const seeds = read.length;
  const values = read.filter((value) => value !== null);
  if (values.length < seeds) return { x, mean: null, half: null, seeds, least: null, most: null };
  const mean = values.reduce((sum, value) => sum + value / seeds, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = seeds < 2 ? null : quantileOfT(seeds - 1) * Math.sqrt(squares / (seeds - 1) / seeds);
  return { x, mean, half, seeds, least: Math.min(...values), most: Math.max(...values) };
}

/** How many places a common grid has. */
export const GRID = 200;

/**
 * Where the means over seeds are taken when no two seeds reported at the same places, as with time:
 * evenly over their whole range, by ratio on a logarithmic axis. Null where they share their places.
 */
export function commonGrid(seeds: Point[][], log: boolean): number[] | null {
  const all = placesOf(seeds);
  const longest = Math.max(0, ...seeds.map((points) => points.length));
  const [low, high] = [log ? (all.find((x) => x > 0) ?? 0) : (all[0] ?? 0), all.at(-1) ?? 0];
  if (all.length <= longest || high <= low) return null;
  const at = (part: number) => (log ? low * (high / low) ** part : low + (high - low) * part);
  return Array.from({ length: GRID }, (_, place) => (place === GRID - 1 ? high : at(place / (GRID - 1))));
}

export function meanOf(spreads: Spread[]): Point[] {
  return spreads.map(({ x, mean }) => [x, mean]);
}

/** Those of the means; places with fewer than two seeds have none. */
export function intervalsOf(spreads: Spread[]): Interval[] {
  return spreads.map(({ x, mean, half }) => (mean === null || half === null ? { x, low: null, high: null } : { x, low: mean - half, high: mean + half }));
}

/** Reads a series at rising places, linearly between neighbours: undefined outside, null where it is no number. */
function readerOf(points: Point[]): (x: number) => number | null | undefined {
  let at = 0;
  return (x) => {
    while (at < points.length - 1 && (points[at + 1]?.[0] ?? Infinity) <= x) at += 1;
    const [left, low] = points[at] ?? [Infinity, null];
    const [right, high] = points[at + 1] ?? [Infinity, null];
    if (x === left) return low;
    if (x < left || right === Infinity) return undefined;
    if (low === null || high === null) return null;
    return low + ((high - low) * (x - left)) / (right - left);
  };
}

/** Half the width of the smoothing window, as a share of the points. */
export const SMOOTHINGS = { none: 0, light: 0.02, strong: 0.06, heavy: 0.15 } as const;

export type Smoothing = keyof typeof SMOOTHINGS;

/**
 * A centred moving average: it does not lag behind a falling curve as a one-sided one would. Near an
 * end the window narrows on both sides; gaps stay gaps.
 */
export function smoothed(points: Point[], smoothing: Smoothing): Point[] {
  const most = Math.round(SMOOTHINGS[smoothing] * points.length);
  if (most === 0) return points;
  return points.map(([x, value], index) => {
    if (value === null) return [x, null];
    return [x, meanAround(points, index, Math.min(most, index, points.length - 1 - index))];
  });
}

/** Of the numbers at most `half` places away. */
function meanAround(points: Point[], index: number, half: number): number {
  let sum = 0;
  let count = 0;
  for (let at = index - half; at <= index + half; at += 1) {
    const near = points[at]?.[1];
    if (near === null || near === undefined) continue;
    sum += near;
    count += 1;
  }
  return sum / count;
}
