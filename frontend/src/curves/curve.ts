/** The curves of a chart: what the reader chose of a metric, computed once for drawing, words and files. */

import type { Series } from "../api/types";
import type { Point } from "../charts/options";
import { commonGrid, pointsOf, sampleOf, smoothed, spreadOf, type Spread } from "./means";
import type { Drawing, Zoom } from "./drawing";
import type { Lines } from "./view";

/** One line and what stands behind it. */
export interface Curve {
  id: string;
  arm: string;
  /** Of a curve that is one run. */
  run: { id: number; seed: number } | null;
  /** Along the line; of a single run each with one seed. */
  spreads: Spread[];
  /** Faint lines behind: single seeds, or what the line was before it was smoothed. */
  behind: Point[][];
  seeds: Series[];
}

export interface Making extends Drawing {
  lines: Lines;
}

/** Of the series of one metric. */
export function makeCurves(series: Series[], making: Making): Curve[] {
  if (making.lines === "runs") return series.map((one) => ofRun(one, making));
  return armsOf(series).map(([arm, seeds]) => ofArm(arm, seeds, making));
}

function ofRun(series: Series, making: Making): Curve {
  const { run_id: id, arm, seed } = series;
  const raw = visible(pointsOf(series), making);
  const line = making.smoothing === "none" ? raw : smoothed(visible(sampleOf(series), making), making.smoothing);
  const behind = making.smoothing === "none" ? [] : [raw];
  return { id: `run ${id}`, arm, run: { id, seed }, spreads: spreadOf([line]), behind, seeds: [series] };
}

/** Seeds are smoothed one by one: then the band is that of the line it surrounds. */
function ofArm(arm: string, seeds: Series[], making: Making): Curve {
  const samples = seeds.map((one) => visible(sampleOf(one), making));
  const grid = making.x === "step" ? null : commonGrid(samples, making.logX);
  const spread = (of: Point[][]) => spreadOf(of, grid ?? undefined);
  const spreads = spread(samples.map((points) => smoothed(points, making.smoothing)));
  const behind: Point[][] = making.lines === "seeds" && seeds.length > 1 ? seeds.map((one) => visible(pointsOf(one), making)) : [];
  if (making.smoothing !== "none") behind.push(spread(samples).map(({ x, mean }) => [x, mean]));
  return { id: arm, arm, run: null, spreads, behind, seeds };
}

/** What the axes can show: within the zoom and one point beyond on either side, and above zero where logarithmic. */
export function visible(points: Point[], { zoom, logX, logY }: Pick<Making, "zoom" | "logX" | "logY">): Point[] {
  let found = logX ? points.filter(([x]) => x > 0) : points;
  if (zoom) found = within(found, zoom);
  return logY ? found.map(([x, value]) => [x, value !== null && value > 0 ? value : null]) : found;
}

function within(points: Point[], [low, high]: Zoom): Point[] {
  const first = points.findIndex(([x]) => x >= low);
  const last = points.findLastIndex(([x]) => x <= high);
  const from = first === -1 ? points.length - 1 : first - 1;
  return points.slice(Math.max(0, from), last === -1 ? 1 : last + 2);
}

/** How many points a logarithmic axis cannot show; NaN is told of elsewhere. */
export function countDropped(series: Series[], { zoom, logX, logY }: Making): number {
  if (!logX && !logY) return 0;
  const points = series.flatMap((one) => (zoom ? within(pointsOf(one), zoom) : pointsOf(one)));
  return points.filter(([x, value]) => (logX && x <= 0) || (logY && value !== null && value <= 0)).length;
}

export function armsOf(series: Series[]): [arm: string, seeds: Series[]][] {
  const arms = new Map<string, Series[]>();
  for (const one of series) arms.set(one.arm, [...(arms.get(one.arm) ?? []), one]);
  return Array.from(arms);
}

/** Every place where a line has a point, rising: where a reader may point. */
export function placesOf(curves: Curve[], zoom: Zoom | null): number[] {
  const places = new Set(curves.flatMap(({ spreads }) => spreads.map(({ x }) => x)));
  const inside = zoom ? Array.from(places).filter((x) => x >= zoom[0] && x <= zoom[1]) : Array.from(places);
  return inside.sort((a, b) => a - b);
}

/** A curve at any place: between its own points as its line runs, with the seeds and interval of the nearer one. */
export function readAt({ spreads }: Curve, x: number): Spread | null {
  const right = spreads.findIndex((one) => one.x >= x);
  const [before, after] = [spreads[right - 1], spreads[right]];
  if (!after) return null;
  if (after.x === x) return after;
  if (!before) return null;
  const part = (x - before.x) / (after.x - before.x);
  const nearer = part < 0.5 ? before : after;
  const mean = before.mean === null || after.mean === null ? null : before.mean + part * (after.mean - before.mean);
  return { ...nearer, x, mean };
}
