/** An arm's curve over training: the mean of its seeds at every step any of them reported. */

import type { Series } from "../api/types";
import type { Stretch } from "../charts/band";
import type { Point } from "../charts/options";
import { quantileOfT } from "./quantiles";

export function pointsOf(series: Series): Point[] {
  return series.steps.map((step, index) => [step, series.values[index] ?? null]);
}

/** An arm at one step: the mean of `seeds` seeds with its 95 % interval, which takes two at least. */
export interface Spread {
  step: number;
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
 * it ends. A step where a seed reported no number (NaN) is left out of that seed.
 */
export function spreadOf(seeds: Point[][]): Spread[] {
  const steps = Array.from(new Set(seeds.flatMap((points) => points.map(([step]) => step)))).sort((a, b) => a - b);
  const readers = seeds.map(readerOf);
  return steps.map((step) => spreadAt(step, readers.map((read) => read(step)).filter((value) => value !== null)));
}

function spreadAt(step: number, values: number[]): Spread {
  const seeds = values.length;
  if (seeds === 0) return { step, mean: null, half: null, seeds, least: null, most: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = seeds < 2 ? null : quantileOfT(seeds - 1) * Math.sqrt(squares / (seeds - 1) / seeds);
  return { step, mean, half, seeds, least: Math.min(...values), most: Math.max(...values) };
}

export function meanOf(spreads: Spread[]): Point[] {
  return spreads.map(({ step, mean }) => [step, mean]);
}

/** The intervals as areas; steps with fewer than two seeds part them. */
export function stretchesOf(spreads: Spread[]): Stretch[] {
  const stretches: Stretch[] = [];
  let open: Stretch | null = null;
  for (const { step, mean, half } of spreads) {
    if (mean === null || half === null) {
      open = null;
      continue;
    }
    if (open === null) stretches.push((open = { upper: [], lower: [] }));
    open.upper.push([step, mean + half]);
    open.lower.push([step, mean - half]);
  }
  return stretches;
}

/** Reads a series at rising steps, linearly between neighbours. */
function readerOf(points: Point[]): (step: number) => number | null {
  let at = 0;
  return (step) => {
    while (at < points.length - 1 && (points[at + 1]?.[0] ?? Infinity) <= step) at += 1;
    const [left, low] = points[at] ?? [Infinity, null];
    const [right, high] = points[at + 1] ?? [Infinity, null];
    if (step < left) return null;
    if (step === left) return low;
    if (low === null || high === null) return null;
    return low + ((high - low) * (step - left)) / (right - left);
  };
}

/** "showing 500 of 12,000 points", or null when every point is shown. */
export function shownPoints(series: Series[]): { shown: number; total: number } | null {
  const shown = series.reduce((sum, one) => sum + one.steps.length, 0);
  const total = series.reduce((sum, one) => sum + one.total, 0);
  return shown < total ? { shown, total } : null;
}

/** Half the width of the smoothing window, as a share of the points. */
export const SMOOTHINGS = { none: 0, light: 0.02, strong: 0.06 } as const;

export type Smoothing = keyof typeof SMOOTHINGS;

/**
 * A centred moving average: it does not lag behind a falling curve as a one-sided one would. Near an
 * end the window narrows on both sides; gaps stay gaps.
 */
export function smoothed(points: Point[], smoothing: Smoothing): Point[] {
  const most = Math.round(SMOOTHINGS[smoothing] * points.length);
  return points.map(([step, value], index) => {
    if (value === null) return [step, null];
    const half = Math.min(most, index, points.length - 1 - index);
    const values = points.slice(index - half, index + half + 1).flatMap(([, near]) => near ?? []);
    return [step, values.reduce((sum, near) => sum + near, 0) / values.length];
  });
}
