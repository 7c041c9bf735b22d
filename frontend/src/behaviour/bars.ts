/** Mean entropy of each kind of words and sentences as bars with intervals, arm beside arm. */

import type { CustomSeriesOption, EChartsOption } from "echarts";

import type { ArmFigures, KindFigures } from "../api/types";
import { frame, tip } from "../charts/options";
import { plainStyle, type Ink } from "../charts/palette";
import type { Cell } from "../text/csv";
import { BAR_LANE, entropyAxis, kindAxis, laneOf, ROWS_GRID, stroke, whisker, word } from "./drawing";
import { findKind, isKnown, isUntrained, type Kind } from "./figures";
import type { Styles } from "./styles";
import { figureWords, seedsWords, short } from "./words";

const BAR = BAR_LANE - 3;

export interface BarsLook {
  styles: Styles;
  ink: Ink;
}

export function barsOption(arms: ArmFigures[], kinds: Kind[], look: BarsLook): EChartsOption {
  return {
    ...frame(look.ink, { trigger: "item", formatter: (hovered) => barWords(hovered, arms, kinds, look) }),
    grid: ROWS_GRID,
    xAxis: { ...entropyAxis(look.ink, "mean entropy, nats"), min: 0 },
    yAxis: kindAxis(kinds, look.ink),
    series: arms.map((arm, at) => seriesOf(arm, kinds, at, arms.length, look)),
  };
}

function seriesOf(arm: ArmFigures, kinds: Kind[], at: number, of: number, { styles, ink }: BarsLook): CustomSeriesOption {
  const { color } = styles.get(arm.arm) ?? plainStyle(ink);
  const lane = { at, of, height: BAR_LANE };
  return {
    id: arm.arm,
    name: arm.arm,
    type: "custom",
    encode: { x: [1, 2, 3], y: 0 },
    data: kinds.map((kind, row) => valuesOf(row, findKind(arm, kind))),
    renderItem: (parameters, api) => {
      const row = parameters.dataIndex;
      const figures = kinds[row] && findKind(arm, kinds[row]);
      const y = laneOf(api, row, lane);
      const [zero = 0] = api.coord([0, row]);
      if (!figures || !isKnown(figures.mean)) return { type: "group", children: [word("none", [zero + 4, y], ink.muted)] };
      const [end = 0] = api.coord([figures.mean.value, row]);
      const [rest = null] = isKnown(figures.rest) ? api.coord([figures.rest.value, row]) : [];
      return {
        type: "group",
        children: [
          { type: "rect", shape: { x: zero, y: y - BAR / 2, width: Math.max(end - zero, 1), height: BAR }, style: fillOf(arm, color) },
          ...whisker(api, figures.mean, y, color),
          ...(rest === null ? [] : [stroke([rest, y - BAR / 2 - 1], [rest, y + BAR / 2 + 1], ink.text, 2)]),
        ],
      };
    },
  };
}

/** The untrained model is an outline: nobody made it so. */
function fillOf(arm: ArmFigures, color: string) {
  return isUntrained(arm) ? { fill: "none", stroke: color, lineWidth: 1, lineDash: [3, 2] } : { fill: color, opacity: 0.45 };
}

/** The axes make room for what is drawn. */
function valuesOf(row: number, figures: KindFigures | undefined): (number | null)[] {
  const { mean, rest } = figures ?? {};
  return [row, mean?.high ?? mean?.value ?? 0, rest?.value ?? null, mean?.value ?? null];
}

function barWords(hovered: unknown, arms: ArmFigures[], kinds: Kind[], { styles, ink }: BarsLook): HTMLElement {
  const { dataIndex } = hovered as { dataIndex: number };
  const kind = kinds[dataIndex];
  const rows = arms.flatMap((arm) => {
    const figures = kind && findKind(arm, kind);
    if (!figures) return [];
    const style = styles.get(arm.arm) ?? plainStyle(ink);
    return [
      { name: arm.arm, color: style.color, style, value: figureWords(figures.mean), note: `${figures.count} in all` },
      { name: "the rest", color: ink.text, value: short(figures.rest.value), note: "" },
    ];
  });
  return tip(kind?.title ?? "", rows);
}

export function barsLabel(arms: ArmFigures[], kinds: Kind[]): string {
  const told = arms.map((arm) => {
    const parts = kinds.flatMap((kind) => {
      const figures = findKind(arm, kind);
      return figures && isKnown(figures.mean) ? [`${kind.title} ${short(figures.mean.value)} against ${short(figures.rest.value)}`] : [];
    });
    return `${arm.arm}: ${parts.join(", ")}`;
  });
  return `Mean entropy in nats of words and sentences against the rest. ${told.join(". ")}`;
}

export function barRows(arms: ArmFigures[], kinds: Kind[]): Cell[][] {
  const head = ["arm", "step", "seeds", "over", "kind", "of", "count", "problems"];
  const ends = ["mean", "rest", "gap", "per_thousand"] as const;
  const rows = arms.flatMap((arm) =>
    kinds.flatMap((kind) => {
      const found = findKind(arm, kind);
      if (!found) return [];
      const about: Cell[] = [arm.arm, arm.step, arm.seeds.length, isUntrained(arm) ? "problems" : arm.over, kind.name, kind.of, found.count, found.problems];
      return [[...about, ...ends.flatMap((end) => [found[end].value, found[end].low, found[end].high])]];
    }),
  );
  return [[...head, ...ends.flatMap((end) => [end, `${end}_low`, `${end}_high`])], ...rows];
}

export function armNote(arm: ArmFigures): string {
  return isUntrained(arm) ? "no training" : `step ${arm.step}, ${seedsWords(arm.seeds, arm.over)}`;
}
