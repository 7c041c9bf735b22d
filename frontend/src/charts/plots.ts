/** Where a chart's plot is in its box, and what a place in it means. */

import type { EChartsType } from "./canvas";

export interface Plot {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** ECharts offers no public way to ask for it. */
interface Inside {
  getModel(): { getComponent(kind: "grid"): { coordinateSystem: { getRect(): Plot } } | undefined };
}

const X = { xAxisIndex: 0 };

/** The area between the axes, in pixels of the box; null while nothing is drawn. */
export function plotOf(chart: EChartsType): Plot | null {
  return (chart as unknown as Inside).getModel().getComponent("grid")?.coordinateSystem.getRect() ?? null;
}

export function contains(plot: Plot, x: number, y: number): boolean {
  return x >= plot.x && x <= plot.x + plot.width && y >= plot.y && y <= plot.y + plot.height;
}

export function pixelOf(chart: EChartsType, x: number): number {
  return chart.convertToPixel(X, x);
}

/** What is `pixel` on the x axis; beyond its ends, the end. */
export function valueAt(chart: EChartsType, plot: Plot, pixel: number): number {
  return chart.convertFromPixel(X, Math.min(Math.max(pixel, plot.x), plot.x + plot.width));
}

/** The place in `xs`, which rise, that is drawn nearest to `pixel`; -1 if there is none. */
export function nearest(chart: EChartsType, xs: number[], pixel: number): number {
  const value = chart.convertFromPixel(X, pixel);
  const right = lowerBound(xs, value);
  const left = right - 1;
  if (right >= xs.length) return left;
  if (left < 0) return right;
  const distance = (at: number) => Math.abs(pixelOf(chart, xs[at] ?? NaN) - pixel);
  return distance(left) <= distance(right) ? left : right;
}

/** The first place in `xs`, which rise, whose value is not below `value`. */
export function lowerBound(xs: number[], value: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
