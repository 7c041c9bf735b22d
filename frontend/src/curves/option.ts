/** A metric over training steps, as an ECharts option. */

import type { EChartsOption } from "echarts";

import type { Series } from "../api/types";
import { band, MOST_BANDS } from "../charts/band";
import { axis, frame, line, tip, valueAxis, type Point } from "../charts/options";
import { plainStyle, type ArmStyle, type Ink } from "../charts/palette";
import { measure, NOTHING, span } from "../text/numbers";
import { meanOf, pointsOf, smoothed, spreadOf, stretchesOf, type Smoothing, type Spread } from "./means";

export interface Look {
  styles: Map<string, ArmStyle>;
  hidden: Set<string>;
  focus: string | null;
  baseline: string;
  singles: boolean;
  smoothing: Smoothing;
  ink: Ink;
}

/** Bands of two seeds cover the plot: they are drawn one at a time. */
export const PAIR = 2;

interface Curve {
  arm: string;
  seeds: Series[];
  /** Over its seeds, smoothed one by one: then the band is that of the line it surrounds. */
  spreads: Spread[];
}

export function metricOption(series: Series[], look: Look): EChartsOption {
  const curves = armsOf(series)
    .filter(([arm]) => !look.hidden.has(arm))
    .map(([arm, seeds]): Curve => ({ arm, seeds, spreads: spreadOf(seeds.map((seed) => smoothed(pointsOf(seed), look.smoothing))) }));
  const faded = (arm: string) => look.focus !== null && look.focus !== arm;
  const singles = look.singles ? curves.filter(({ seeds }) => seeds.length > 1) : [];
  const raw = look.smoothing === "none" ? [] : curves;
  const banded = curves.filter(
    ({ arm, seeds }) => arm === look.focus || (seeds.length > PAIR && (curves.length <= MOST_BANDS || arm === look.baseline)),
  );
  return {
    ...frame(look.ink, { formatter: (hovered) => tooltip(hovered, curves, look) }),
    xAxis: { type: "value", min: "dataMin", max: "dataMax", ...axis(look.ink), splitLine: { show: false } },
    yAxis: valueAxis(look.ink),
    series: [
      ...banded.map((curve) => bandOf(curve, styleOf(curve.arm, look))),
      ...singles.flatMap(({ arm, seeds }) =>
        seeds.map((seed) => behind(`${arm} seed ${seed.seed}`, pointsOf(seed), styleOf(arm, look), faded(arm))),
      ),
      ...raw.map(({ arm, seeds }) => behind(`${arm} unsmoothed`, meanOf(spreadOf(seeds.map(pointsOf))), styleOf(arm, look), faded(arm))),
      ...curves.map(({ arm, spreads }) => line(arm, meanOf(spreads), styleOf(arm, look), faded(arm))),
    ],
  };
}

function styleOf(arm: string, look: Look): ArmStyle {
  return look.styles.get(arm) ?? plainStyle(look.ink);
}

/** The axes make room for the seeds, not for the band: of two seeds it may be ten times as high. */
function bandOf({ arm, spreads }: Curve, style: ArmStyle) {
  const reach = spreads.flatMap(({ step, least, most }): [number, number][] =>
    least === null || most === null ? [] : [[step, least], [step, most]],
  );
  return band(`${arm} interval`, stretchesOf(spreads), style.color, reach);
}

export function armsOf(series: Series[]): [arm: string, seeds: Series[]][] {
  const arms = new Map<string, Series[]>();
  for (const one of series) arms.set(one.arm, [...(arms.get(one.arm) ?? []), one]);
  return Array.from(arms);
}

/** A thin faint line behind the others, which the tooltip leaves out. */
function behind(id: string, points: Point[], style: ArmStyle, faded: boolean) {
  const drawn = line(id, points, { ...style, width: 1 }, false);
  return { ...drawn, silent: true, tooltip: { show: false }, z: 1, lineStyle: { ...drawn.lineStyle, opacity: faded ? 0.05 : 0.22 } };
}

function tooltip(hovered: unknown, curves: Curve[], look: Look): HTMLElement {
  const items = (Array.isArray(hovered) ? hovered : [hovered]) as { seriesName: string; value: Point }[];
  const step = items[0]?.value[0];
  const rows = curves
    .map(({ arm, spreads }) => ({ arm, spread: spreads.find((one) => one.step === step) }))
    .filter(({ spread }) => spread !== undefined)
    .sort((a, b) => (b.spread?.mean ?? -Infinity) - (a.spread?.mean ?? -Infinity))
    .map(({ arm, spread }) => ({
      name: arm,
      color: styleOf(arm, look).color,
      value: spread?.mean == null ? "not a number" : measure(spread.mean),
      note: spread?.mean == null ? "" : noteOf(spread, spread.mean),
    }));
  return tip(`step ${step ?? ""}`, rows);
}

function noteOf({ half, seeds }: Spread, mean: number): string {
  const interval = half === null ? NOTHING : span({ low: mean - half, high: mean + half }, measure);
  return `${interval}, n = ${seeds}`;
}
