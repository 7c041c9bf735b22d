/** One figure of one kind over training, arm by arm, with bands. */

import type { EChartsOption } from "echarts";

import type { ArmFigures, Figure, SweepBehaviour } from "../api/types";
import { band, type Interval, MOST_BANDS, stretchesOf } from "../charts/band";
import { axis, frame, line, tip, valueAxis, type Point } from "../charts/options";
import { MARKERS, plainStyle, type Ink } from "../charts/palette";
import type { Cell } from "../text/csv";
import { rule } from "./drawing";
import { courseOf, findKind, trainedArms, type Kind, type Measure } from "./figures";
import type { Styles } from "./styles";
import { figureWords, seedsWords } from "./words";

export interface Course {
  arm: string;
  points: ArmFigures[];
}

export interface CoursesLook {
  styles: Styles;
  ink: Ink;
  baseline: string;
  hidden: Set<string>;
  focus: string | null;
}

export function coursesOf(behaviour: SweepBehaviour): Course[] {
  return trainedArms(behaviour).map((arm) => ({ arm, points: courseOf(behaviour, arm) }));
}

export function figureOf(arm: ArmFigures, kind: Kind, measure: Measure): Figure | undefined {
  return findKind(arm, kind)?.[measure];
}

export function coursesOption(courses: Course[], kind: Kind, measure: Measure, look: CoursesLook): EChartsOption {
  const drawn = courses.filter(({ arm }) => !look.hidden.has(arm));
  const banded = drawn.filter(({ arm }) => (look.focus === null ? drawn.length <= MOST_BANDS : arm === look.focus) || arm === look.baseline);
  return {
    ...frame(look.ink, { show: false }),
    xAxis: { type: "value", min: 0, max: "dataMax", ...axis(look.ink), splitLine: { show: false } },
    yAxis: valueAxis(look.ink),
    series: [
      ...(measure === "gap" ? [rule({ id: "none", axis: "y", value: 0, ink: look.ink })] : []),
      ...banded.map(({ arm, points }) => band(`${arm} band`, stretchesOf(intervalsOf(points, kind, measure)), colorOf(arm, look), { name: arm })),
      ...drawn.map(({ arm, points }) => lineOf(arm, points.map((one): Point => [one.step, figureOf(one, kind, measure)?.value ?? null]), look)),
    ],
  };
}

function colorOf(arm: string, { styles, ink }: CoursesLook): string {
  return (styles.get(arm) ?? plainStyle(ink)).color;
}

function lineOf(arm: string, points: Point[], { styles, ink, focus, baseline }: CoursesLook) {
  const style = styles.get(arm) ?? plainStyle(ink);
  const faded = focus !== null && arm !== focus && arm !== baseline;
  return {
    ...line(arm, points, style, faded),
    showSymbol: true,
    symbol: style.marker ? `path://${MARKERS[style.marker]}` : "circle",
    symbolSize: style.marker ? 7 : 5,
    itemStyle: { color: style.color, opacity: faded ? 0.28 : 1 },
  };
}

function intervalsOf(points: ArmFigures[], kind: Kind, measure: Measure): Interval[] {
  return points.map((one) => {
    const { low, high } = figureOf(one, kind, measure) ?? {};
    return { x: one.step, low, high };
  });
}

export function courseSteps(courses: Course[]): number[] {
  return [...new Set(courses.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
}

/** Every arm at one step, the highest first. */
export function courseWords(courses: Course[], step: number, kind: Kind, measure: Measure, look: CoursesLook): HTMLElement {
  const rows = courses
    .filter(({ arm }) => !look.hidden.has(arm))
    .flatMap(({ arm, points }) => points.filter((one) => one.step === step).map((one) => ({ arm, one, figure: figureOf(one, kind, measure) })))
    .sort((a, b) => (b.figure?.value ?? -Infinity) - (a.figure?.value ?? -Infinity))
    .map(({ arm, one, figure }) => {
      const style = look.styles.get(arm) ?? plainStyle(look.ink);
      const note = step === 0 ? "" : seedsWords(one.seeds, "seeds").split(",")[0]!;
      return { name: arm, color: style.color, style, value: figure ? figureWords(figure) : "none", note };
    });
  const shown = step === 0 ? rows.slice(0, 1).map((row) => ({ ...row, name: "every arm" })) : rows;
  return tip(step === 0 ? "untrained, step 0" : `step ${step}`, shown);
}

export function courseRows(courses: Course[], kind: Kind, measure: Measure): Cell[][] {
  const head = ["arm", "step", "seeds", "over", "kind", "of", "measure", "value", "low", "high"];
  const rows = courses.flatMap(({ arm, points }) =>
    points.map((one): Cell[] => {
      const { value = null, low = null, high = null } = figureOf(one, kind, measure) ?? {};
      return [arm, one.step, one.seeds.length, one.over, kind.name, kind.of, measure, value, low, high];
    }),
  );
  return [head, ...rows];
}
