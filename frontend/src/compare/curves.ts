/** pass@k against k, as an ECharts option. */

import type { CustomSeriesOption, EChartsOption } from "echarts";

import { band, MOST_BANDS } from "../charts/band";
import { axis, frame, line, tip, valueAxis } from "../charts/options";
import { plainStyle, type ArmStyle, type Ink } from "../charts/palette";
import type { ComparedArm, Comparison, Estimate } from "../api/types";
import { delta, percent, range, signedRange } from "../text/numbers";

export interface Look {
  styles: Map<string, ArmStyle>;
  hidden: Set<string>;
  /** The arm pointed at or selected; the others step back. */
  focus: string | null;
  ink: Ink;
  /** Draws differences from the baseline instead of pass@k itself. */
  asDelta: boolean;
}

export function curvesOption(comparison: Comparison, k: number, look: Look): EChartsOption {
  const arms = comparison.arms.filter((arm) => estimatesOf(arm, look) && !look.hidden.has(arm.name));
  const { ks } = comparison;
  const banded = arms.filter((arm) => arms.length <= MOST_BANDS || arm.is_baseline || arm.name === look.focus);
  return {
    ...frame(look.ink, { formatter: (hovered) => tooltip(arms, ks, look, hovered) }),
    xAxis: {
      type: "log",
      logBase: 2,
      min: ks[0] ?? 1,
      max: ks.at(-1) ?? 1,
      name: "k",
      nameGap: 6,
      nameTextStyle: { color: look.ink.muted },
      ...axis(look.ink),
      splitLine: { show: false },
    },
    yAxis: valueAxis(look.ink, look.asDelta ? delta : (value) => `${Math.round(value * 100)}%`),
    series: [
      ...banded.map((arm) => bandOf(arm, ks, look)),
      ...arms.map((arm) => line(arm.name, curve(arm, ks, look), styleOf(arm, look), stepsBack(arm, look))),
      marker(k, look.ink),
    ],
  };
}

function stepsBack(arm: ComparedArm, look: Look): boolean {
  return look.focus !== null && look.focus !== arm.name && !arm.is_baseline;
}

function styleOf(arm: ComparedArm, look: Look): ArmStyle {
  return look.styles.get(arm.name) ?? plainStyle(look.ink);
}

/** What is drawn of an arm; of the baseline, whose difference is zero everywhere, a flat line. */
function estimatesOf(arm: ComparedArm, look: Look): Estimate[] | null {
  if (!look.asDelta) return arm.pass_at;
  return arm.is_baseline && arm.pass_at ? arm.pass_at.map(() => ({ mean: 0, low: 0, high: 0 })) : arm.delta;
}

function curve(arm: ComparedArm, ks: number[], look: Look): [number, number][] {
  return (estimatesOf(arm, look) ?? []).map((estimate, index) => [ks[index] ?? 1, estimate.mean]);
}

function bandOf(arm: ComparedArm, ks: number[], look: Look): CustomSeriesOption {
  const ends = (end: "low" | "high") =>
    (estimatesOf(arm, look) ?? []).map((estimate, index): [number, number] => [ks[index] ?? 1, estimate[end]]);
  return band(`${arm.name} interval`, [{ upper: ends("high"), lower: ends("low") }], styleOf(arm, look).color);
}

/** The k that the heat map and the table show. */
function marker(k: number, ink: Ink): CustomSeriesOption {
  return {
    id: "selected k",
    type: "custom",
    silent: true,
    tooltip: { show: false },
    data: [[k, 0]],
    encode: { x: 0, y: -1 },
    z: 0,
    renderItem: (parameters, api) => {
      const area = parameters.coordSys as unknown as { y: number; height: number };
      const [x = 0] = api.coord([k, 0]);
      return {
        type: "line",
        shape: { x1: x, x2: x, y1: area.y, y2: area.y + area.height },
        style: { stroke: ink.muted, lineWidth: 1, lineDash: [2, 3], opacity: 0.8 },
      };
    },
  };
}

function tooltip(arms: ComparedArm[], ks: number[], look: Look, hovered: unknown): HTMLElement {
  const first: unknown = Array.isArray(hovered) ? hovered[0] : hovered;
  const k = (first as { value?: [number, number] } | undefined)?.value?.[0] ?? 1;
  const index = ks.indexOf(k);
  const rows = arms
    .map((arm) => ({ arm, estimate: estimatesOf(arm, look)?.[index] }))
    .sort((a, b) => (b.estimate?.mean ?? 0) - (a.estimate?.mean ?? 0))
    .map(({ arm, estimate }) => ({
      name: arm.name,
      color: styleOf(arm, look).color,
      value: look.asDelta ? delta(estimate?.mean) : percent(estimate?.mean),
      note: look.asDelta ? signedRange(estimate) : range(estimate),
    }));
  return tip(look.asDelta ? `pass@${k}, points from the baseline` : `pass@${k}`, rows);
}
