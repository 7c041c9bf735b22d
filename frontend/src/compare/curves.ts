/** pass@k against k, as an ECharts option, and the words at one k. */

import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from "echarts";

import { band, MOST_BANDS } from "../charts/band";
import { axis, frame, line, tip, valueAxis } from "../charts/options";
import { MARKERS, plainStyle, type ArmStyle, type Ink } from "../charts/palette";
import type { ComparedArm, Estimate } from "../api/types";
import { delta, PERCENT, percent, plural, range, signedRange } from "../text/numbers";

export interface Look {
  styles: Map<string, ArmStyle>;
  hidden: Set<string>;
  /** The arms that the brush leaves; the others step back. */
  within: Set<string> | null;
  ink: Ink;
  /** Draws differences from the baseline instead of pass@k itself. */
  asDelta: boolean;
}

const MARKER_SIZE = 8;
const BASELINE_WIDTH = 3;
/** For the names at the ends of two lines. */
const MARGIN_RIGHT = 78;

export function curvesOption(all: ComparedArm[], ks: number[], k: number, look: Look): EChartsOption {
  const arms = drawnArms(all, look);
  const many = arms.length > MOST_BANDS;
  const { grid, ...rest } = frame(look.ink, { show: false });
  return {
    ...rest,
    grid: { ...grid, right: MARGIN_RIGHT },
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
    yAxis: valueAxis(look.ink, look.asDelta ? delta : (value) => `${Math.round(value * 100)}${PERCENT}`),
    series: [
      ...arms.map((arm) => bandOf(arm, ks, many && !arm.is_baseline, look)),
      ...arms.map((arm) => curveOf(arm, ks, look)),
      marker(k, look.ink),
    ],
  };
}

function drawnArms(arms: ComparedArm[], look: Look): ComparedArm[] {
  return arms.filter((arm) => estimatesOf(arm, look) && !look.hidden.has(arm.name));
}

/** What steps back behind what the brush leaves, or behind an arm that is brought forward. */
const FAINT = 0.28;

/** The baseline stays in front, whatever steps back. */
function stepsBack(arm: ComparedArm, { within }: Look): boolean {
  return !arm.is_baseline && within !== null && !within.has(arm.name);
}

function styleOf(arm: ComparedArm, look: Look): ArmStyle {
  return look.styles.get(arm.name) ?? plainStyle(look.ink);
}

/** What is drawn of an arm; of the baseline, whose difference is zero everywhere, a flat line. */
function estimatesOf(arm: ComparedArm, look: Look): Estimate[] | null {
  if (!look.asDelta) return arm.pass_at;
  return arm.is_baseline && arm.pass_at ? arm.pass_at.map(() => ({ mean: 0, low: 0, high: 0 })) : arm.delta;
}

function curveOf(arm: ComparedArm, ks: number[], look: Look): LineSeriesOption {
  const style = styleOf(arm, look);
  const faded = stepsBack(arm, look);
  const points = (estimatesOf(arm, look) ?? []).map((estimate, index): [number, number] => [ks[index] ?? 1, estimate.mean]);
  const width = arm.is_baseline ? BASELINE_WIDTH : style.width;
  const back = arm.is_baseline ? 1 : FAINT;
  return {
    ...line(arm.name, points, { ...style, width }, faded),
    silent: true,
    emphasis: { focus: "series", scale: false, lineStyle: { width: width + 1, opacity: 1 }, itemStyle: { opacity: 1 } },
    blur: { lineStyle: { opacity: back }, itemStyle: { opacity: back } },
    ...(style.marker && {
      showSymbol: true,
      showAllSymbol: true,
      symbol: `path://${MARKERS[style.marker]}`,
      symbolSize: (value: [number, number]) => (Number.isInteger(Math.log2(value[0])) ? MARKER_SIZE : 0),
      itemStyle: { color: style.color, opacity: faded ? FAINT : 1 },
    }),
    ...(nameAtEnd(arm) && {
      endLabel: { show: true, formatter: nameAtEnd(arm), color: style.color, fontSize: 11, distance: 6 },
    }),
  };
}

/** The two that others are held against are named where their lines end. */
function nameAtEnd(arm: ComparedArm): string {
  if (arm.is_baseline) return "baseline";
  return arm.method.method === "base" ? "untrained" : "";
}

function bandOf(arm: ComparedArm, ks: number[], quiet: boolean, look: Look): CustomSeriesOption {
  const ends = (end: "low" | "high") =>
    (estimatesOf(arm, look) ?? []).map((estimate, index): [number, number] => [ks[index] ?? 1, estimate[end]]);
  return band(`${arm.name} interval`, [{ upper: ends("high"), lower: ends("low") }], styleOf(arm, look).color, { name: arm.name, quiet });
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
        blur: { style: { opacity: 0.8 } },
      };
    },
  };
}

/** Every arm at one k, the highest first. */
export function curveWords(all: ComparedArm[], ks: number[], k: number, look: Look): HTMLElement {
  const index = ks.indexOf(k);
  const rows = drawnArms(all, look)
    .map((arm) => ({ arm, estimate: estimatesOf(arm, look)?.[index] }))
    .sort((a, b) => (b.estimate?.mean ?? 0) - (a.estimate?.mean ?? 0))
    .map(({ arm, estimate }) => ({
      name: arm.is_baseline ? `${arm.name} (baseline)` : arm.name,
      color: styleOf(arm, look).color,
      style: styleOf(arm, look),
      value: look.asDelta ? delta(estimate?.mean) : percent(estimate?.mean),
      note: `${look.asDelta ? signedRange(estimate) : range(estimate)}, ${seedsOf(arm)}`,
    }));
  return tip(look.asDelta ? `pass@${k}, points from the baseline` : `pass@${k}`, rows);
}

function seedsOf(arm: ComparedArm): string {
  return arm.method.method === "base" ? "not trained" : plural(arm.seeds.length, "seed");
}
