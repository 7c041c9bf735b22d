/** Diversity within a prompt against dependence on it: every run a line through its steps. */

import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from "echarts";

import type { CollapseOfRun, Figure } from "../api/types";
import { frame, strokes, tip, valueAxis } from "../charts/options";
import { plainStyle, type Ink } from "../charts/palette";
import type { Cell } from "../text/csv";
import { areaOf, rule, word } from "./drawing";
import { isUntrained, UNTRAINED, type Trajectory } from "./figures";
import type { Styles } from "./styles";
import { figureWords, short } from "./words";

/** Regimes are told by H(Z|X) per token and I(X;Z) per trace; both may be looked at in either way. */
export const PLANES = ["regimes", "sequence", "token"] as const;
export type Plane = (typeof PLANES)[number];

export const PLANE_NAMES: Record<Plane, string> = { regimes: "regimes", sequence: "per trace", token: "per token" };

/** For the name of a regime. */
const ROOM = 90;

const UNITS = { sequence: "nats a trace", token: "nats a token" };

export interface QuadrantLook {
  styles: Styles;
  ink: Ink;
  /** The arm whose runs are in front; those of others are faint. */
  focus: string | null;
  baseline: string;
}

type Per = keyof typeof UNITS;

function axesOf(plane: Plane): { x: Per; y: Per } {
  return plane === "regimes" ? { x: "token", y: "sequence" } : { x: plane, y: plane };
}

/** H(Z|X) and I(X;Z) of a run after a step. */
export function placeOf({ collapse }: CollapseOfRun, plane: Plane): { x: Figure; y: Figure } {
  const { x, y } = axesOf(plane);
  return { x: collapse[x].conditional, y: collapse[y].mutual };
}

export function quadrantOption(trajectories: Trajectory[], all: CollapseOfRun[], plane: Plane, look: QuadrantLook): EChartsOption {
  const { x, y } = axesOf(plane);
  const named = { nameLocation: "middle" as const, nameTextStyle: { color: look.ink.muted } };
  const most = all[0]?.collapse.most ?? 0;
  const start = all.find(isUntrained);
  return {
    ...frame(look.ink, { trigger: "item", formatter: (hovered) => pointWords(hovered, trajectories, plane) }),
    grid: { left: 28, right: 20, top: 16, bottom: 28, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { ...valueAxis(look.ink, short), scale: false, min: 0, max: widest, name: `H(Z|X), diversity within a prompt, ${UNITS[x]}`, nameGap: 28, ...named },
    yAxis: {
      ...valueAxis(look.ink, short),
      scale: false,
      name: `I(X;Z), dependence on the prompt, ${UNITS[y]}`,
      nameGap: 34,
      ...named,
      min: ({ min }: { min: number }) => Math.min(0, min),
      ...(y === "sequence" && { max: Number((most * 1.1).toPrecision(2)) }),
    },
    series: [
      ...(y === "sequence" ? [rule({ id: "most", axis: "y", value: most, ink: look.ink, text: `log N = ${short(most)}, the most there can be`, dash: [5, 4] })] : []),
      ...(plane === "regimes" && start ? regions(start, most, look.ink) : []),
      ...trajectories.map((one) => lineOf(one, plane, look)),
    ],
  };
}

function widest({ max }: { max: number }): number {
  return Number((max * 1.15 || 1).toPrecision(2));
}

/** Where one regime ends and the next begins: halfway to log N, and at half the untrained model's diversity. */
function regions({ collapse }: CollapseOfRun, most: number, ink: Ink): CustomSeriesOption[] {
  const half = (collapse.token.conditional.value ?? 0) / 2;
  const dash = [2, 3];
  return [
    rule({ id: "half diverse", axis: "x", value: half, ink, dash }),
    rule({ id: "half dependent", axis: "y", value: most / 2, ink, dash }),
    {
      id: "regimes",
      type: "custom",
      silent: true,
      tooltip: { show: false },
      data: [[half, most / 2]],
      z: 0,
      renderItem: (parameters, api) => {
        const { x, y, width, height } = areaOf(parameters);
        const [left = x, top = y] = api.coord([half, most]);
        const [high, low] = [top + 12, y + height - 10];
        return {
          type: "group",
          children: [
            ...(left - x > ROOM ? [word("compressed", [x + 8, high], ink.muted), word("entropy collapse", [x + 8, low], ink.muted)] : []),
            word("diverse", [x + width - 8, high], ink.muted, "right"),
            word("template collapse", [x + width - 8, low], ink.muted, "right"),
          ],
        };
      },
    },
  ];
}

function lineOf({ arm, seed, points }: Trajectory, plane: Plane, { styles, ink, focus, baseline }: QuadrantLook): LineSeriesOption {
  const style = styles.get(arm) ?? plainStyle(ink);
  const faded = focus !== null && arm !== focus && arm !== baseline;
  const opacity = faded ? 0.25 : 1;
  const last = points.length - 1;
  return {
    id: `${arm} seed ${seed}`,
    name: arm,
    type: "line",
    data: points.map((one, at) => {
      const { x, y } = placeOf(one, plane);
      return { value: [x.value ?? NaN, y.value ?? NaN], symbolSize: isUntrained(one) ? 10 : at === last ? 9 : 5, symbol: isUntrained(one) ? "diamond" : "circle" };
    }),
    showSymbol: true,
    itemStyle: { color: style.color, opacity },
    lineStyle: { color: style.color, type: strokes(style), width: faded ? 1 : 1.5, opacity },
    emphasis: { disabled: true },
    z: faded ? 2 : 3,
  };
}

function pointWords(hovered: unknown, trajectories: Trajectory[], plane: Plane): HTMLElement {
  const { seriesId, dataIndex, color } = hovered as { seriesId: string; dataIndex: number; color: string };
  const run = trajectories.find(({ arm, seed }) => `${arm} seed ${seed}` === seriesId);
  const point = run?.points[dataIndex];
  if (!run || !point) return tip("", []);
  const { x, y } = placeOf(point, plane);
  const found = point.collapse.retrieval[0];
  const row = (name: string, value: string) => ({ name, color, value });
  return tip(isUntrained(point) ? "untrained, step 0" : `${run.arm}, seed ${run.seed}, step ${point.step}`, [
    row("H(Z|X)", figureWords(x)),
    row("I(X;Z)", figureWords(y)),
    ...(found ? [row("own prompt likeliest", `${figureWords(found.share)}, chance ${short(found.chance)}`)] : []),
    ...(point.regime ? [row("regime", point.regime)] : []),
  ]);
}

export function quadrantRows(all: CollapseOfRun[]): Cell[][] {
  const ways = ["sequence", "token"] as const;
  const figures = ["mutual", "conditional", "marginal"] as const;
  const names = ways.flatMap((way) => figures.flatMap((figure) => ["", "_low", "_high"].map((end) => `${figure}_per_${way}${end}`)));
  const ks = all[0]?.collapse.retrieval.map(({ k }) => k) ?? [];
  const rows = all.map(({ arm, seed, step, run_id, regime, collapse }): Cell[] => [
    isUntrained({ step }) ? UNTRAINED : arm,
    seed,
    step,
    run_id,
    regime,
    collapse.problems,
    collapse.traces,
    collapse.most,
    ...ways.flatMap((way) => figures.flatMap((figure) => [collapse[way][figure].value, collapse[way][figure].low, collapse[way][figure].high])),
    ...ks.flatMap((k) => {
      const found = collapse.retrieval.find((one) => one.k === k);
      return [found?.share.value ?? null, found?.chance ?? null];
    }),
  ]);
  const head = ["arm", "seed", "step", "run", "regime", "problems", "traces", "log_n"];
  return [[...head, ...names, ...ks.flatMap((k) => [`retrieval_at_${k}`, `chance_at_${k}`])], ...rows];
}
