/** What all charts of the page share: quiet axes, and tooltips built from text nodes. */

import type { EChartsOption, LineSeriesOption } from "echarts";

import { measure } from "../text/numbers";
import { DASHES, MARKERS, type ArmStyle, type Ink } from "./palette";

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export type Point = [x: number, y: number | null];

export interface TipRow {
  name: string;
  color: string;
  value: string;
  note?: string;
  /** Shown as the line that it is, instead of the colour alone. */
  style?: ArmStyle;
}

/** More rows stand side by side, and of many only so many are shown. */
const MANY = 16;
const MOST = 48;

/** A tooltip's content as an element, so that no name can ever be markup. */
export function tip(title: string, rows: TipRow[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "tip";
  const list = element("div", rows.length > MANY ? "tip-rows many" : "tip-rows", "");
  list.append(...rows.slice(0, MOST).map(tipRow));
  box.append(element("p", "tip-title", title), list);
  if (rows.length > MOST) box.append(element("p", "tip-title", `and ${rows.length - MOST} more`));
  return box;
}

function tipRow(row: TipRow): HTMLElement {
  const line = element("p", "tip-row", "");
  line.append(row.style ? lineMark(row.style) : colorMark(row.color), element("span", "tip-name", row.name), element("b", "", row.value));
  if (row.note) line.append(element("span", "tip-note", row.note));
  return line;
}

function colorMark(color: string): HTMLElement {
  const mark = element("span", "tip-mark", "");
  mark.style.background = color;
  return mark;
}

/** As `ArmMark` draws it, outside React. */
function lineMark(style: ArmStyle): SVGElement {
  const mark = drawing("svg", { width: 22, height: 10, viewBox: "0 0 22 10" });
  const dashes = DASHES[style.dash].join(" ");
  mark.append(drawing("line", { x2: 22, y1: 5, y2: 5, stroke: style.color, "stroke-width": style.width, ...(dashes && { "stroke-dasharray": dashes }) }));
  if (style.marker) mark.append(drawing("path", { d: MARKERS[style.marker], fill: style.color, transform: "translate(7.5 1.5) scale(.7)" }));
  return mark;
}

function drawing(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function frame(ink: Ink, tooltip: EChartsOption["tooltip"]): EChartsOption {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    animationDuration: 250,
    animationDurationUpdate: 200,
    textStyle: { fontFamily: FONT, color: ink.muted },
    grid: { left: 8, right: 16, top: 16, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      trigger: "axis",
      confine: true,
      transitionDuration: 0,
      backgroundColor: ink.surface,
      borderColor: ink.line,
      padding: 0,
      textStyle: { color: ink.text, fontFamily: FONT, fontSize: 12 },
      axisPointer: { type: "line", lineStyle: { color: ink.muted, type: "solid", opacity: 0.5 } },
      ...tooltip,
    },
  };
}

export function axis(ink: Ink) {
  return {
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false },
    axisLabel: { color: ink.muted, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: ink.line, opacity: 0.7 } },
  };
}

export function valueAxis(ink: Ink, format: (value: number) => string = measure) {
  const common = axis(ink);
  return { type: "value" as const, scale: true, ...common, axisLabel: { ...common.axisLabel, formatter: format } };
}

/** The dash of a line as ECharts takes it. */
export function strokes({ dash }: ArmStyle): "solid" | number[] {
  return dash === "solid" ? dash : DASHES[dash];
}

export function line(id: string, points: Point[], style: ArmStyle, faded: boolean): LineSeriesOption {
  return {
    id,
    name: id,
    type: "line",
    data: points,
    showSymbol: points.length === 1,
    symbol: "circle",
    symbolSize: 5,
    connectNulls: false,
    itemStyle: { color: style.color },
    lineStyle: { color: style.color, type: strokes(style), width: style.width, opacity: faded ? 0.28 : 1 },
    emphasis: { disabled: true },
    z: faded ? 2 : 3,
  };
}
