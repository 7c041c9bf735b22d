/** An arm's curve over training: the mean of its seeds at every step any of them reported. */

import type { Series } from "../api/types";
import type { Point } from "../charts/options";

export function pointsOf(series: Series): Point[] {
  return series.steps.map((step, index) => [step, series.values[index] ?? null]);
}

/**
 * Seeds are read between their own reports, never beyond them: a shorter run stops taking part where
 * it ends. A step where a seed reported no number (NaN) is left out of that seed.
 */
export function meanOf(seeds: Series[]): Point[] {
  const steps = Array.from(new Set(seeds.flatMap((series) => series.steps))).sort((a, b) => a - b);
  const readers = seeds.map(readerOf);
  return steps.map((step) => {
    const values = readers.map((read) => read(step)).filter((value) => value !== null);
    return [step, values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length];
  });
}

/** Reads a series at rising steps, linearly between neighbours. */
function readerOf(series: Series): (step: number) => number | null {
  let at = 0;
  return (step) => {
    while (at < series.steps.length - 1 && (series.steps[at + 1] ?? Infinity) <= step) at += 1;
    const [left, right] = [series.steps[at], series.steps[at + 1]];
    const [low, high] = [series.values[at] ?? null, series.values[at + 1] ?? null];
    if (left === undefined || step < left) return null;
    if (step === left) return low;
    if (right === undefined || low === null || high === null) return null;
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
