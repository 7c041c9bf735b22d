/** psi/|A|, share at the cap, or entropy of one arm over training, by kind of token. */

import type { EChartsOption } from "echarts";

import type { ArmBonuses, BonusPoint, TokenBonus } from "../api/types";
import { band, type Interval, MOST_BANDS, stretchesOf } from "../charts/band";
import { axis, frame, line, tip, valueAxis, type Point } from "../charts/options";
import { MARKERS, type Ink } from "../charts/palette";
import type { Theme } from "../shell/theme";
import type { Cell } from "../text/csv";
import { count, percent } from "../text/numbers";
import { rule } from "./drawing";
import { kindStyle } from "./styles";
import { figureWords, short } from "./words";

export const BONUS_MEASURES = ["share", "capped", "entropy"] as const;
export type BonusMeasure = (typeof BONUS_MEASURES)[number];

export const BONUS_NAMES: Record<BonusMeasure, string> = { share: "ψ/|A|", capped: "share at the cap", entropy: "entropy" };

export interface BonusLook {
  theme: Theme;
  ink: Ink;
  hidden: Set<string>;
  focus: string | null;
}

/** Those that ever occurred; of a single category all words together would say the same again. */
export function shownKinds({ kinds }: ArmBonuses): TokenBonus[] {
  const there = kinds.filter(({ points }) => points.some(({ tokens }) => tokens > 0));
  const words = there.filter(({ of, name }) => of === "words" && name !== "all");
  return there.filter(({ of, name }) => of !== "words" || name !== "all" || words.length > 1);
}

export function bonusTitle({ name, of }: TokenBonus): string {
  if (of === "rest") return "tokens of no listed word";
  if (of === "sentences") return "tokens of reflective sentences";
  return name === "all" ? "all pivotal words" : name;
}

export function bonusStyle(kinds: TokenBonus[], kind: TokenBonus, { theme, ink }: Pick<BonusLook, "theme" | "ink">) {
  return kindStyle(kind.of === "rest" ? -1 : kinds.indexOf(kind), theme, ink);
}

export function bonusOption(bonuses: ArmBonuses, measure: BonusMeasure, look: BonusLook): EChartsOption {
  const kinds = shownKinds(bonuses);
  const drawn = kinds.filter((kind) => !look.hidden.has(bonusTitle(kind)));
  const banded = drawn.filter((kind) => drawn.length <= MOST_BANDS || bonusTitle(kind) === look.focus);
  const cap = bonuses.kappa && measure === "share" ? [rule({ id: "cap", axis: "y", value: 1 / bonuses.kappa, ink: look.ink, text: `the cap, 1/κ = ${short(1 / bonuses.kappa)}`, dash: [5, 4] })] : [];
  return {
    ...frame(look.ink, { show: false }),
    xAxis: { type: "value", min: "dataMin", max: "dataMax", ...axis(look.ink), splitLine: { show: false } },
    yAxis: { ...valueAxis(look.ink, measure === "capped" ? percent : undefined), scale: false, min: 0, ...(bonuses.kappa && measure === "share" && { max: 1.1 / bonuses.kappa }) },
    series: [
      ...cap,
      ...banded.map((kind) => bandOf(kind, measure, bonusStyle(kinds, kind, look).color)),
      ...drawn.map((kind) => {
        const style = bonusStyle(kinds, kind, look);
        const faded = look.focus !== null && look.focus !== bonusTitle(kind);
        const points = kind.points.map((point): Point => [point.step, point[measure].value]);
        return { ...line(bonusTitle(kind), points, style, faded), showSymbol: true, symbol: style.marker ? `path://${MARKERS[style.marker]}` : "circle", symbolSize: 6 };
      }),
    ],
  };
}

/** The axes make room for the means, not for the band: of two seeds it may be ten times as high. */
function bandOf(kind: TokenBonus, measure: BonusMeasure, color: string) {
  const reach = kind.points.flatMap((point): [number, number][] => (point[measure].value == null ? [] : [[point.step, point[measure].value]]));
  return band(`${bonusTitle(kind)} band`, stretchesOf(intervalsOf(kind.points, measure)), color, { reach });
}

/** No measure is below zero, whatever Student’s t says of two seeds. */
function intervalsOf(points: BonusPoint[], measure: BonusMeasure): Interval[] {
  return points.map(({ step, [measure]: { low, high } }) => ({ x: step, low: low == null ? low : Math.max(low, 0), high }));
}

export function bonusSteps({ kinds }: ArmBonuses): number[] {
  return [...new Set(kinds.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
}

export function bonusWords(bonuses: ArmBonuses, step: number, measure: BonusMeasure, look: BonusLook): HTMLElement {
  const kinds = shownKinds(bonuses);
  const rows = kinds.flatMap((kind) => {
    const point = kind.points.find((one) => one.step === step);
    if (!point || look.hidden.has(bonusTitle(kind))) return [];
    const style = bonusStyle(kinds, kind, look);
    const write = measure === "capped" ? percent : short;
    return [{ name: bonusTitle(kind), color: style.color, style, value: figureWords(point[measure], write), note: `n = ${count(point.tokens)}` }];
  });
  return tip(`step ${step}, ${BONUS_NAMES[measure]}`, rows);
}

export function bonusRows({ arm, kinds }: ArmBonuses): Cell[][] {
  const head = ["arm", "kind", "of", "step", "seeds", "tokens"];
  const rows = kinds.flatMap(({ name, of, points }) =>
    points.map((point): Cell[] => [
      arm,
      name,
      of,
      point.step,
      point.seeds,
      point.tokens,
      ...BONUS_MEASURES.flatMap((measure) => [point[measure].value, point[measure].low, point[measure].high]),
    ]),
  );
  return [[...head, ...BONUS_MEASURES.flatMap((measure) => [measure, `${measure}_low`, `${measure}_high`])], ...rows];
}
