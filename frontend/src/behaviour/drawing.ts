/** What the charts of this tab are drawn of: bars and dots with intervals, rules, and words beside them. */

import type { CustomSeriesOption, CustomSeriesRenderItemAPI } from "echarts";

import { axis, FONT, valueAxis } from "../charts/options";
import { MARKERS, type Ink, type Marker } from "../charts/palette";
import type { Figure } from "../api/types";

type Place = [x: number, y: number];
type Element = NonNullable<Extract<ReturnType<NonNullable<CustomSeriesOption["renderItem"]>>, { type: "group" }>>["children"][number];

const MARKER = 9;
const CAP = 3;
export const BAR_LANE = 14;
export const VIEW_LANE = 12;
const VIEW_LANES = 5;

/** One of `of` marks that share a row, which keep apart. */
export interface Lane {
  at: number;
  of: number;
  height: number;
}

/** The pixel of a lane within the row of a category axis. */
export function laneOf(api: CustomSeriesRenderItemAPI, row: number, { at, of, height }: Lane): number {
  const [, middle = 0] = api.coord([0, row]);
  return middle + (at - (of - 1) / 2) * height;
}

/** A horizontal line from one end of an interval to the other, with caps; nothing where there is none. */
export function whisker(api: CustomSeriesRenderItemAPI, { low, high }: Figure, y: number, color: string): Element[] {
  if (low == null || high == null) return [];
  const [from = 0] = api.coord([low, 0]);
  const [to = 0] = api.coord([high, 0]);
  return [
    stroke([from, y], [to, y], color, 1.5),
    stroke([from, y - CAP], [from, y + CAP], color, 1.5),
    stroke([to, y - CAP], [to, y + CAP], color, 1.5),
  ];
}

export function stroke([x1, y1]: Place, [x2, y2]: Place, color: string, width: number, dash?: number[]): Element {
  return { type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: color, lineWidth: width, ...(dash && { lineDash: dash }) } };
}

export function dot(name: Marker, [x, y]: Place, fill: string, ground: string): Element {
  const shape = { pathData: MARKERS[name], x: x - MARKER / 2, y: y - MARKER / 2, width: MARKER, height: MARKER };
  return { type: "path", shape, style: { fill, stroke: ground, lineWidth: 1 } };
}

export function word(text: string, [x, y]: Place, fill: string, align: "left" | "right" | "center" = "left"): Element {
  return { type: "text", style: { text, x, y, fill, font: `11px ${FONT}`, align, verticalAlign: "middle" } };
}

const BETWEEN = 14;
const AROUND = 52;

/** Of two charts beside one another with a row for each kind, one with so many arms and one with all views. */
export function rowsHeight(kinds: number, arms: number): number {
  return kinds * (Math.max(arms * BAR_LANE, VIEW_LANES * VIEW_LANE) + BETWEEN) + AROUND;
}

/** The names of kinds, broken where they are long. */
export function kindAxis(kinds: readonly { title: string }[], ink: Ink) {
  return {
    type: "category" as const,
    inverse: true,
    data: kinds.map(({ title }) => title),
    ...axis(ink),
    axisLabel: { color: ink.text, fontSize: 12, lineHeight: 14, interval: 0, width: 86, overflow: "break" as const },
    splitLine: { show: false },
  };
}

export function entropyAxis(ink: Ink, name: string) {
  return { ...valueAxis(ink), scale: false, name, nameLocation: "middle" as const, nameGap: 26, nameTextStyle: { color: ink.muted } };
}

export const ROWS_GRID = { left: 8, right: 24, top: 8, bottom: 28, outerBoundsMode: "same" as const, outerBoundsContain: "axisLabel" as const };

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export function areaOf(parameters: { coordSys: unknown }): Area {
  return parameters.coordSys as Area;
}

interface Rule {
  id: string;
  axis: "x" | "y";
  value: number;
  ink: Ink;
  /** Beside it, at its end. */
  text?: string;
  dash?: number[];
}

/** A line across the plot at one value. */
export function rule({ id, axis, value, ink, text = "", dash }: Rule): CustomSeriesOption {
  return {
    id,
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: [axis === "x" ? [value, NaN] : [NaN, value]],
    encode: { x: axis === "x" ? 0 : -1, y: axis === "y" ? 1 : -1 },
    z: 1,
    renderItem: (parameters, api) => {
      const { x, y, width, height } = areaOf(parameters);
      const place = axis === "x" ? api.coord([value, 0])[0] : api.coord([0, value])[1];
      if (place === undefined || !Number.isFinite(place)) return null;
      const line =
        axis === "x" ? stroke([place, y], [place, y + height], ink.muted, 1, dash) : stroke([x, place], [x + width, place], ink.muted, 1, dash);
      const beside: Place = axis === "x" ? [place + 4, y + 8] : [x + width - 4, place - 8];
      return { type: "group", children: [line, word(text, beside, ink.muted, axis === "x" ? "left" : "right")] };
    },
  };
}
