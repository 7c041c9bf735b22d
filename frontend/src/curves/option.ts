/** A metric over training steps, as an ECharts option. */

import type { EChartsOption } from "echarts";

import type { Series } from "../api/types";
import { axis, frame, line, tip, valueAxis, type Point } from "../charts/options";
import type { ArmStyle, Ink } from "../charts/palette";
import { measure } from "../text/numbers";
import { meanOf, pointsOf, smoothed, type Smoothing } from "./means";

export interface Look {
  styles: Map<string, ArmStyle>;
  hidden: Set<string>;
  focus: string | null;
  singles: boolean;
  smoothing: Smoothing;
  ink: Ink;
}

const PLAIN: ArmStyle = { color: "#888888", dash: "solid", width: 1.75 };

export function metricOption(series: Series[], look: Look): EChartsOption {
  const arms = armsOf(series).filter(([arm]) => !look.hidden.has(arm));
  const faded = (arm: string) => look.focus !== null && look.focus !== arm;
  const singles = look.singles ? arms.filter(([, seeds]) => seeds.length > 1) : [];
  const raw = look.smoothing === "none" ? [] : arms;
  return {
    ...frame(look.ink, { formatter: (hovered) => tooltip(hovered, look) }),
    xAxis: { type: "value", min: "dataMin", max: "dataMax", ...axis(look.ink), splitLine: { show: false } },
    yAxis: valueAxis(look.ink),
    series: [
      ...singles.flatMap(([arm, seeds]) =>
        seeds.map((seed) => behind(`${arm} seed ${seed.seed}`, pointsOf(seed), look.styles.get(arm) ?? PLAIN, faded(arm))),
      ),
      ...raw.map(([arm, seeds]) => behind(`${arm} unsmoothed`, meanOf(seeds), look.styles.get(arm) ?? PLAIN, faded(arm))),
      ...arms.map(([arm, seeds]) => line(arm, smoothed(meanOf(seeds), look.smoothing), look.styles.get(arm) ?? PLAIN, faded(arm))),
    ],
  };
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

function tooltip(hovered: unknown, look: Look): HTMLElement {
  const items = (Array.isArray(hovered) ? hovered : [hovered]) as { seriesName: string; value: Point }[];
  const rows = items
    .filter((item) => look.styles.has(item.seriesName))
    .sort((a, b) => (b.value[1] ?? -Infinity) - (a.value[1] ?? -Infinity))
    .map((item) => ({
      name: item.seriesName,
      color: look.styles.get(item.seriesName)?.color ?? PLAIN.color,
      value: item.value[1] === null ? "not a number" : measure(item.value[1]),
    }));
  return tip(`step ${items[0]?.value[0] ?? ""}`, rows);
}
