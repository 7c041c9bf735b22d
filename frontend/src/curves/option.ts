/** A metric over training, as an ECharts option. */

import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from "echarts";

import { band, MOST_BANDS, type Stretch, stretchesOf } from "../charts/band";
import { FONT, strokes, type Point } from "../charts/options";
import { MARKERS, plainStyle, type ArmStyle, type Ink } from "../charts/palette";
import { horizontal, vertical, type Range } from "./axes";
import type { Curve, Making } from "./curve";
import { intervalsOf, meanOf } from "./means";

export interface Look {
  styles: Map<string, ArmStyle>;
  baseline: string;
  ink: Ink;
}

/** Bands of two seeds cover the plot: they are drawn one at a time. */
export const PAIR = 2;

/** Markers on a line, so that lines of similar colours are told apart. */
const MARKS = 4;
/** Of more lines the markers would cover one another. */
const MOST_MARKED = 40;

/** `beside` are the curves of a chart that is compared with this one: both have one scale. */
export function curvesOption(curves: Curve[], making: Making, look: Look, beside: Curve[] = []): EChartsOption {
  const range = making.zoom ?? rangeOf(curves, making);
  const heights = heightsOf([...curves, ...beside]);
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: look.ink.muted },
    // The same for every chart, so that those under one another have one x axis.
    grid: { left: 52, right: 14, top: 10, bottom: 22, outerBoundsMode: "none" },
    xAxis: horizontal(look.ink, making.x, making.logX, range),
    yAxis: vertical(look.ink, making.logY, heights),
    series: [
      ...curves.filter(({ run }) => !run).map((curve) => bandOf(curve, curves, making, look, heights)),
      ...curves.flatMap((curve) => curve.behind.map((points, index) => behind(curve, index, points, look))),
      ...curves.map((curve) => lineOf(curve, look)),
      ...(curves.length > MOST_MARKED ? [] : curves.map((curve, index) => marksOf(curve, index / curves.length, look))),
      ...gapsOf(curves, look),
      ...(beside.length > 0 ? [roomFor(range, heights)] : []),
    ],
  };
}

export function styleOf(curve: Curve, look: Look): ArmStyle {
  return look.styles.get(curve.arm) ?? plainStyle(look.ink);
}

/** From the first report to the last; tokens and time begin at nothing, wherever the first report is. */
function rangeOf(curves: Curve[], { x, logX }: Making): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const [first, last] of curves.flatMap(({ seeds }) => seeds.map(({ xs, steps }) => endsOf(xs ?? steps, logX)))) {
    low = Math.min(low, first);
    high = Math.max(high, last);
  }
  if (low > high) return [1, 2];
  return [x === "step" || logX ? low : 0, high];
}

function endsOf(places: number[], log: boolean): Range {
  return [(log ? places.find((x) => x > 0) : places[0]) ?? Infinity, places.at(-1) ?? -Infinity];
}

function heightsOf(curves: Curve[]): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const { spreads } of curves) {
    for (const { least, most } of spreads) {
      if (least !== null) low = Math.min(low, least);
      if (most !== null) high = Math.max(high, most);
    }
  }
  return low <= high ? [low, high] : [1, 1];
}

/** Nothing to see, but the axes make room for it. */
function roomFor([x]: Range, heights: Range): LineSeriesOption {
  return { ...quiet("room", "", heights.map((y): Point => [x, y])), showSymbol: false, lineStyle: { opacity: 0 }, emphasis: { disabled: true }, blur: { lineStyle: { opacity: 0 } } };
}

/** Whose bands are seen at once: of all while they are few, else of the baseline; not of pairs. */
export function showsBand({ arm, seeds }: Curve, curves: Curve[], baseline: string): boolean {
  return seeds.length > PAIR && (curves.length <= MOST_BANDS || arm === baseline);
}

/** The axes make room for the seeds, not for the band: of two seeds it may be ten times as high. */
function bandOf(curve: Curve, curves: Curve[], { logY }: Making, look: Look, [floor]: Range): CustomSeriesOption {
  const reach = curve.spreads.flatMap(({ x, least, most }): [number, number][] =>
    least === null || most === null ? [] : [[x, least], [x, most]],
  );
  const stretches = stretchesOf(intervalsOf(curve.spreads));
  return band(`${curve.id} interval`, logY ? stretches.map((stretch) => above(stretch, floor)) : stretches, styleOf(curve, look).color, {
    reach,
    name: curve.arm,
    quiet: !showsBand(curve, curves, look.baseline),
  });
}

/** A logarithmic axis has no place for a band's end at or below zero: it is cut off below all values. */
function above({ upper, lower }: Stretch, floor: number): Stretch {
  return { upper, lower: lower.map(([x, y]) => [x, Math.max(y, floor / 10)]) };
}

function lineOf(curve: Curve, look: Look): LineSeriesOption {
  const style = styleOf(curve, look);
  const thin = curve.run ? 0.75 : 1;
  return {
    ...quiet(curve.id, curve.arm, meanOf(curve.spreads)),
    showSymbol: curve.spreads.length === 1,
    itemStyle: { color: style.color },
    lineStyle: { color: style.color, type: strokes(style), width: style.width * thin, opacity: 1 },
    emphasis: { focus: "series", scale: false, lineStyle: { width: style.width * thin + 0.75 } },
    // What the arms are compared with stays to be compared with.
    blur: { lineStyle: { opacity: curve.arm === look.baseline ? 0.55 : 0.18 } },
    z: 3,
  };
}

/** Thin and faint, behind the line. */
function behind(curve: Curve, index: number, points: Point[], look: Look): LineSeriesOption {
  const style = styleOf(curve, look);
  return {
    ...quiet(`${curve.id} behind ${index}`, curve.arm, points),
    showSymbol: false,
    lineStyle: { color: style.color, width: 1, opacity: 0.24 },
    emphasis: { focus: "series", lineStyle: { width: 1, opacity: 0.45 } },
    blur: { lineStyle: { opacity: 0.05 } },
    z: 1,
  };
}

/** The arm's marker at a few places, at other ones for each arm. */
function marksOf(curve: Curve, shift: number, look: Look): LineSeriesOption {
  const style = styleOf(curve, look);
  const known = curve.spreads.filter(({ mean }) => mean !== null);
  const places = Array.from({ length: MARKS }, (_, mark) => Math.floor(((mark + 0.15 + 0.7 * shift) / MARKS) * known.length));
  const points = known.length < 2 * MARKS || !style.marker ? [] : places.flatMap((place) => known[place] ?? []);
  return {
    ...quiet(`${curve.id} marks`, curve.arm, meanOf(points)),
    symbol: style.marker ? `path://${MARKERS[style.marker]}` : "none",
    symbolSize: curve.run ? 5 : 7,
    showSymbol: true,
    itemStyle: { color: style.color },
    lineStyle: { width: 0, opacity: 0 },
    emphasis: { focus: "series", scale: false },
    blur: { itemStyle: { opacity: 0.18 }, lineStyle: { opacity: 0 } },
    z: 4,
  };
}

function quiet(id: string, name: string, data: Point[]): LineSeriesOption {
  // Numbers in a row are taken as they are; pairs would be copied one by one at every change.
  const row = new Float64Array(data.flatMap(([x, y]) => [x, y ?? NaN])) as unknown as number[];
  return { id, name, type: "line", data: row, dimensions: ["x", "y"], silent: true, symbol: "circle", symbolSize: 5, connectNulls: false };
}

/** A cross on the x axis where a run's values cease to be numbers. */
function gapsOf(curves: Curve[], look: Look): CustomSeriesOption[] {
  const broken = curves.flatMap((curve) => curve.seeds.flatMap((series) => (series.gap ? [{ curve, series, first: series.gap.first }] : [])));
  return broken.map(({ curve, series, first }) => {
    const at = series.steps.indexOf(first);
    const x = (series.xs ?? series.steps)[at] ?? first;
    return {
      id: `${curve.id} gap ${series.run_id}`,
      name: curve.arm,
      type: "custom",
      silent: true,
      tooltip: { show: false },
      data: [[x, 0]],
      encode: { x: 0, y: -1 },
      z: 5,
      renderItem: (parameters, api) => {
        const area = parameters.coordSys as unknown as { x: number; y: number; width: number; height: number };
        const [left = 0] = api.coord([x, 0]);
        if (left < area.x - 1 || left > area.x + area.width + 1) return null;
        return {
          type: "path",
          shape: { pathData: MARKERS.cross, x: left - 4, y: area.y + area.height - 9, width: 8, height: 8 },
          style: { fill: styleOf(curve, look).color, stroke: look.ink.surface, lineWidth: 1 },
        };
      },
    };
  });
}
