/** Files made of what a chart shows. */

import { toCsv, type Cell } from "../text/csv";
import type { EChartsType } from "./canvas";
import { FONT } from "./options";
import { DASHES, MARKERS, type ArmStyle, type Ink } from "./palette";

/** A line's name and look, which the picture needs since the page's legend is no part of it. */
export interface LegendKey {
  name: string;
  style: ArmStyle;
}

export interface Picture {
  title: string;
  keys: LegendKey[];
  ink: Ink;
}

const RATIO = 2;
const MARGIN = 12;
const ROW = 18;
const MARK = 8;

export function saveCsv(rows: Cell[][], name: string): void {
  saveBlob(new Blob([toCsv(rows)], { type: "text/csv" }), `${name}.csv`);
}

export function savePng(chart: EChartsType, picture: Picture, name: string): void {
  const made = framed(chart.renderToCanvas({ pixelRatio: RATIO, backgroundColor: picture.ink.surface }), picture);
  made.toBlob((blob) => blob && saveBlob(blob, `${name}.png`), "image/png");
}

/** The chart on the theme's ground, with its title above and its lines' names below. */
function framed(chart: HTMLCanvasElement, { title, keys, ink }: Picture): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) return chart;
  const width = chart.width / RATIO + 2 * MARGIN;
  context.font = `12px ${FONT}`;
  const rows = wrapped(keys, width - 2 * MARGIN, ({ name }) => context.measureText(name).width + 42);
  canvas.width = width * RATIO;
  canvas.height = chart.height + (2 * MARGIN + ROW + 6 + rows.length * ROW) * RATIO;
  context.scale(RATIO, RATIO);
  context.fillStyle = ink.surface;
  context.fillRect(0, 0, width, canvas.height / RATIO);
  context.drawImage(chart, MARGIN, MARGIN + ROW, chart.width / RATIO, chart.height / RATIO);
  context.fillStyle = ink.text;
  context.textBaseline = "middle";
  context.font = `600 14px ${FONT}`;
  context.fillText(title, MARGIN, MARGIN + ROW / 2, width - 2 * MARGIN);
  context.font = `12px ${FONT}`;
  rows.forEach((row, index) => drawKeys(context, row, MARGIN + ROW + chart.height / RATIO + 6 + (index + 0.5) * ROW));
  return canvas;
}

type Placed = LegendKey & { x: number };

/** Keys from left to right, in as many rows as they need. */
function wrapped(keys: LegendKey[], width: number, widthOf: (key: LegendKey) => number): Placed[][] {
  const rows: Placed[][] = [];
  let x = Infinity;
  for (const key of keys) {
    const wanted = widthOf(key);
    if (x + wanted > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ ...key, x: MARGIN + x });
    x += wanted;
  }
  return rows;
}

function drawKeys(context: CanvasRenderingContext2D, keys: Placed[], y: number): void {
  for (const { name, style, x } of keys) {
    context.strokeStyle = style.color;
    context.lineWidth = style.width;
    context.setLineDash(DASHES[style.dash]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 20, y);
    context.stroke();
    drawMarker(context, style, x + 10, y);
    context.fillText(name, x + 26, y);
  }
}

function drawMarker(context: CanvasRenderingContext2D, { color, marker }: ArmStyle, x: number, y: number): void {
  if (!marker) return;
  context.save();
  context.translate(x - MARK / 2, y - MARK / 2);
  context.scale(MARK / 10, MARK / 10);
  context.fillStyle = color;
  context.fill(new Path2D(MARKERS[marker]));
  context.restore();
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  save(url, name);
  // By then the browser has read it; until it is revoked it stays in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
