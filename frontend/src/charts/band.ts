/** A filled area around a line, which ECharts has no series for. */

import type { CustomSeriesOption } from "echarts";

type Corner = [x: number, y: number];

/** A stretch without gaps: as many lower ends as upper ones. */
export interface Stretch {
  upper: Corner[];
  lower: Corner[];
}

/** An interval at one place, where there is one. */
export interface Interval {
  x: number;
  low: number | null | undefined;
  high: number | null | undefined;
}

/** A place without an interval parts the band: nobody knows what is there. */
export function stretchesOf(intervals: Interval[]): Stretch[] {
  const stretches: Stretch[] = [];
  let open: Stretch | null = null;
  for (const { x, low, high } of intervals) {
    if (low == null || high == null) {
      open = null;
      continue;
    }
    if (open === null) stretches.push((open = { upper: [], lower: [] }));
    open.upper.push([x, high]);
    open.lower.push([x, low]);
  }
  return stretches;
}

interface Manner {
  /** The points that the axes make room for: without them the band's own; with them, what goes beyond is cut off. */
  reach?: Corner[];
  /** What it comes forward with. */
  name?: string;
  /** Seen only when it comes forward. */
  quiet?: boolean;
}

const OPACITY = 0.13;

export function band(id: string, stretches: Stretch[], color: string, { reach, name, quiet = false }: Manner = {}): CustomSeriesOption {
  const outlines = stretches.map(({ upper, lower }) => [...upper, ...lower.toReversed()]);
  return {
    id,
    ...(name !== undefined && { name }),
    type: "custom",
    silent: true,
    clip: true,
    tooltip: { show: false },
    data: extremes(reach ?? outlines.flat()),
    encode: { x: 0, y: 1 },
    z: 1,
    renderItem: (parameters, api) => {
      if (parameters.dataIndexInside !== 0) return null;
      return {
        type: "group",
        children: outlines.map((outline) => ({
          type: "polygon" as const,
          shape: { points: outline.map((corner) => api.coord(corner)) },
          style: { fill: color, opacity: quiet ? 0 : OPACITY },
          emphasis: { style: { opacity: OPACITY } },
          blur: { style: { opacity: quiet ? 0 : OPACITY / 4 } },
        })),
      };
    },
  };
}

/** Two corners that hold all of them: each item costs, and the axes need no more. */
function extremes(corners: Corner[]): Corner[] {
  if (corners.length === 0) return [];
  let [low, high]: [Corner, Corner] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  for (const [x, y] of corners) {
    low = [Math.min(low[0], x), Math.min(low[1], y)];
    high = [Math.max(high[0], x), Math.max(high[1], y)];
  }
  return [low, high];
}

/** More bands than this are mud: then only the one pointed at and the baseline keep theirs. */
export const MOST_BANDS = 4;
