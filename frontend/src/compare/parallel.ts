/** Arms as lines through their settings and results, as an ECharts option. */

import type { EChartsOption } from "echarts";

import type { ComparedArm } from "../api/types";
import { FONT, strokes, tip } from "../charts/options";
import { plainStyle, type ArmStyle, type Ink } from "../charts/palette";
import { NOTHING } from "../text/numbers";
import { extentOf, stepOn, wordsOn, type Axis } from "./axes";
import { axisId } from "./stretches";

export interface Look {
  styles: Map<string, ArmStyle>;
  selected: string | null;
  baseline: string;
  ink: Ink;
  /** Axes lie across where there is no room beside each other. */
  narrow: boolean;
}

export function parallelOption(arms: ComparedArm[], axes: Axis[], look: Look): EChartsOption {
  const { ink, narrow } = look;
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    tooltip: { trigger: "item", confine: true, transitionDuration: 0, backgroundColor: ink.surface, borderColor: ink.line, padding: 0, textStyle: { color: ink.text, fontSize: 12 } },
    parallel: narrow
      ? { layout: "vertical", left: 84, right: 24, top: 16, bottom: 28 }
      : { layout: "horizontal", left: 56, right: 72, top: 44, bottom: 16 },
    parallelAxis: axes.map((axis, dim) => axisOption(axis, dim, arms, look)),
    series: [
      {
        id: "arms",
        type: "parallel",
        inactiveOpacity: 0.07,
        activeOpacity: 1,
        lineStyle: { width: 1.75, opacity: 1 },
        emphasis: { lineStyle: { width: 4 } },
        tooltip: { formatter: (item) => words(arms, axes, look, item) },
        data: arms.map((arm) => ({ name: arm.name, value: axes.map((axis) => axis.place(arm) ?? "-"), lineStyle: lineOf(arm, look) })),
      },
    ],
  };
}

function axisOption(axis: Axis, dim: number, arms: ComparedArm[], { ink, narrow }: Look) {
  const [min, max] = extentOf(axis, arms);
  const steps = axis.kind === "steps";
  return {
    id: axisId(dim),
    dim,
    name: axis.title,
    type: "value" as const,
    min,
    max,
    z: 5,
    splitNumber: 4,
    nameLocation: narrow ? ("start" as const) : ("end" as const),
    nameGap: narrow ? 10 : 14,
    nameTextStyle: { color: ink.text, fontSize: 12, fontWeight: 600 as const },
    axisLine: { lineStyle: { color: ink.muted } },
    axisTick: { show: !steps, lineStyle: { color: ink.muted } },
    axisLabel: {
      color: ink.text,
      fontSize: narrow ? 10 : 11,
      hideOverlap: true,
      backgroundColor: ink.surface,
      borderRadius: 3,
      padding: narrow ? [2, 1] : [2, 3],
      lineHeight: 12,
      margin: 6,
      ...(steps && { customValues: axis.steps.map((_, place) => place) }),
      formatter: (value: number) => label(axis, value, [min, max], narrow),
    },
    realtime: false,
    areaSelectStyle: { width: 18, borderWidth: 1, borderColor: ink.text, color: ink.muted, opacity: 0.25 },
  };
}

/** Ends are no values: they are air. Where axes lie across, words stand on two lines. */
function label(axis: Axis, value: number, ends: [number, number], narrow: boolean): string {
  if (axis.kind === "steps") return narrow ? stepOn(axis, value).replace("-", "-\n").replace(" ", "\n") : stepOn(axis, value);
  return ends.includes(value) ? "" : axis.write(value);
}

function lineOf({ name, is_baseline }: ComparedArm, look: Look) {
  const style = look.styles.get(name) ?? plainStyle(look.ink);
  const width = name === look.selected ? 3.5 : is_baseline ? 3 : style.width;
  return { color: style.color, type: strokes(style), width };
}

function words(arms: ComparedArm[], axes: Axis[], look: Look, item: unknown): HTMLElement {
  const arm = arms.find(({ name }) => name === (item as { name?: string }).name);
  const color = (arm && look.styles.get(arm.name)?.color) ?? look.ink.muted;
  return tip(
    arm?.name ?? "",
    axes.map((axis) => ({ name: axis.title, color, value: (arm && wordsOn(axis, arm)) ?? NOTHING })),
  );
}
