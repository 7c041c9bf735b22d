/** How much more entropy kinds have than the rest, view by view: is it the place, or how hard the problem is? */

import type { CustomSeriesOption, EChartsOption } from "echarts";

import type { ArmGaps, EntropyGap, KindGaps } from "../api/types";
import { frame, tip } from "../charts/options";
import { HUES, type ArmStyle, type Ink, type Marker } from "../charts/palette";
import type { Theme } from "../shell/theme";
import type { Cell } from "../text/csv";
import { dot, entropyAxis, kindAxis, laneOf, ROWS_GRID, rule, VIEW_LANE, whisker } from "./drawing";
import { excludesZero, isOf, type Kind } from "./figures";
import { figureWords, pWords, roundedTo, verdict, VIEW_NAMES } from "./words";

const MARKS: Record<EntropyGap["view"], Marker> = { all: "circle", position: "triangle", problem: "square", both: "diamond", "word starts": "ring" };

export type ViewName = EntropyGap["view"];
export const VIEWS = Object.keys(MARKS) as ViewName[];

export interface GapsLook {
  theme: Theme;
  ink: Ink;
}

export function viewStyle(view: ViewName, { theme, ink }: GapsLook): ArmStyle {
  const place = VIEWS.indexOf(view);
  return { color: view === "all" ? ink.text : (HUES[theme][place - 1] ?? ink.text), dash: "solid", marker: MARKS[view], width: 1.5 };
}

export function findGaps(gaps: ArmGaps, kind: Kind): KindGaps | undefined {
  return gaps.kinds.find(isOf(kind));
}

export function findView(gaps: KindGaps | undefined, view: ViewName): EntropyGap | undefined {
  return gaps?.gaps.find((gap) => gap.view === view);
}

export function gapsOption(gaps: ArmGaps, kinds: Kind[], look: GapsLook): EChartsOption {
  return {
    ...frame(look.ink, { trigger: "item", formatter: (hovered) => gapWords(hovered, gaps, kinds, look) }),
    grid: ROWS_GRID,
    xAxis: entropyAxis(look.ink, "entropy above the rest, nats"),
    yAxis: kindAxis(kinds, look.ink),
    series: [rule({ id: "none", axis: "x", value: 0, ink: look.ink }), ...VIEWS.map((view, at) => seriesOf(view, at, gaps, kinds, look))],
  };
}

function seriesOf(view: ViewName, at: number, gaps: ArmGaps, kinds: Kind[], look: GapsLook): CustomSeriesOption {
  const { color } = viewStyle(view, look);
  const found = kinds.map((kind) => findView(findGaps(gaps, kind), view));
  return {
    id: view,
    name: VIEW_NAMES[view],
    type: "custom",
    encode: { x: [1, 2, 3], y: 0 },
    data: found.map((gap, row) => [row, gap?.delta.value ?? null, gap?.delta.low ?? null, gap?.delta.high ?? null]),
    renderItem: (parameters, api) => {
      const gap = found[parameters.dataIndex];
      if (gap?.delta.value == null) return null;
      const y = laneOf(api, parameters.dataIndex, { at, of: VIEWS.length, height: VIEW_LANE });
      const [x = 0] = api.coord([gap.delta.value, parameters.dataIndex]);
      const clear = excludesZero(gap.delta) ?? false;
      return {
        type: "group",
        children: [...whisker(api, gap.delta, y, color), dot(MARKS[view], [x, y], clear ? color : look.ink.surface, color)],
      };
    },
  };
}

function gapWords(hovered: unknown, gaps: ArmGaps, kinds: Kind[], look: GapsLook): HTMLElement {
  const kind = kinds[(hovered as { dataIndex: number }).dataIndex];
  const own = kind && findGaps(gaps, kind);
  const rows = VIEWS.flatMap((view) => {
    const gap = findView(own, view);
    if (!gap) return [];
    const style = viewStyle(view, look);
    return [{ name: VIEW_NAMES[view], color: style.color, style, value: figureWords(gap.delta, roundedTo(gap.delta, true)), note: `p ${pWords(gap.adjusted_p)}` }];
  });
  return tip(kind?.title ?? "", rows);
}

/** A reader who asks whether place and problem explain it has the answer in words. */
export function explained(gaps: KindGaps | undefined): string | null {
  const [whole, held] = [findView(gaps, "all"), findView(gaps, "both")];
  if (!whole || !held || whole.adjusted_p === null) return null;
  const before = verdict(whole);
  if (held.adjusted_p === null) return null;
  const after = verdict(held);
  const [was, is] = [before, after].map((words) => words === "higher" || words === "lower");
  if (before === after) return was ? "holds in the same place of the same problem" : null;
  if (was && !is) return "not established in the same place of the same problem";
  return `${after} in the same place of the same problem`;
}

export function gapRows(gaps: ArmGaps, kinds: Kind[]): Cell[][] {
  const head = ["arm", "step", "seeds", "over", "kind", "of", "view", "delta", "low", "high", "p", "adjusted_p", "note"];
  const rows = kinds.flatMap((kind) =>
    (findGaps(gaps, kind)?.gaps ?? []).map(({ view, delta, p, adjusted_p, note }): Cell[] => {
      const about = [gaps.arm, gaps.step, gaps.seeds.length, gaps.over, kind.name, kind.of, view];
      return [...about, delta.value, delta.low, delta.high, p, adjusted_p, note];
    }),
  );
  return [head, ...rows];
}
