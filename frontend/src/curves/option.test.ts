import { expect, it } from "vitest";

import type { Series } from "../api/types";
import { INK } from "../charts/palette";
import { makeCurves, type Making } from "./curve";
import { curvesOption, showsBand, type Look } from "./option";
import { runs, seed } from "./samples";

const PLAIN: Making = { x: "step", logX: false, logY: false, smoothing: "none", zoom: null, lines: "means" };
const LOOK: Look = { styles: new Map(), baseline: "grpo", ink: INK.light };

function banded(series: Series[]): string[] {
  const curves = makeCurves(series, PLAIN);
  return curves.filter((curve) => showsBand(curve, curves, "grpo")).map(({ arm }) => arm);
}

function drawn(series: Series[], making: Partial<Making>) {
  const asked = { ...PLAIN, ...making };
  return curvesOption(makeCurves(series, asked), asked, LOOK) as {
    xAxis: { type: string; min: number; max: number; logBase?: number };
    yAxis: { type: string; logBase?: number };
    series: { id: string; name: string; type: string; data: [number, number | null][] }[];
  };
}

it("shows the band of every arm while they are few", () => {
  expect(banded([...runs("grpo", 3), ...runs("bonus", 3)])).toEqual(["grpo", "bonus"]);
});

it("shows that of the baseline alone when they are many, and has the others ready to come forward", () => {
  const many = ["grpo", "a", "b", "c", "d"].flatMap((arm) => runs(arm, 3));
  expect(banded(many)).toEqual(["grpo"]);
  expect(drawn(many, {}).series.filter(({ id }) => id.endsWith(" interval"))).toHaveLength(5);
});

it("shows none of two seeds, which would cover the plot", () => {
  expect(banded([...runs("grpo", 2), ...runs("bonus", 2)])).toEqual([]);
});

it("names all that belongs to an arm by it, so that it comes forward together", () => {
  const { series } = drawn(runs("grpo", 3), { lines: "seeds", smoothing: "light" });
  expect(new Set(series.map(({ name }) => name))).toEqual(new Set(["grpo"]));
  expect(new Set(series.map(({ id }) => id)).size).toBe(series.length);
});

it("draws each run for itself when asked to", () => {
  const { series } = drawn(runs("grpo", 3), { lines: "runs" });
  expect(series.filter(({ type, id }) => type === "line" && /^run \d+$/.test(id))).toHaveLength(3);
});

it("spans the zoom, whatever it has points for", () => {
  expect(drawn(runs("grpo", 1), { zoom: [1.5, 9] }).xAxis).toMatchObject({ min: 1.5, max: 9 });
});

it("lets tokens and time begin at zero, unless the axis is logarithmic", () => {
  const timed = [{ ...seed([1, 2], [1, 2]), xs: [30, 60] }];
  expect(drawn(timed, { x: "seconds" }).xAxis).toMatchObject({ type: "value", min: 0, max: 60 });
  expect(drawn(timed, { x: "seconds", logX: true }).xAxis).toMatchObject({ type: "log", min: 30, max: 60, logBase: 2 });
});

it("takes powers of ten where values span decades, and of two where not", () => {
  expect(drawn([seed([1, 2], [0.2, 0.4])], { logY: true }).yAxis).toMatchObject({ type: "log", logBase: 2 });
  expect(drawn([seed([1, 2], [0.001, 0.4])], { logY: true }).yAxis).toMatchObject({ type: "log", logBase: 10 });
});

it("marks where a run's values cease to be numbers", () => {
  const broken = { ...seed([1, 2, 3], [1, null, null]), gap: { count: 2, first: 2, lasting: true } };
  const marks = drawn([broken], {}).series.filter(({ id }) => id.includes("gap"));
  expect(marks.map(({ data }) => data)).toEqual([[[2, 0]]]);
});
