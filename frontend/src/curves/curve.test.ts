import { describe, expect, it } from "vitest";

import { countDropped, makeCurves, placesOf, readAt, visible, type Making } from "./curve";
import { curveRows } from "./rows";
import { runs, seed } from "./samples";

const PLAIN: Making = { x: "step", logX: false, logY: false, smoothing: "none", zoom: null, lines: "means" };
const points: [number, number | null][] = [[0, 5], [1, -2], [2, 0], [3, null], [4, 7], [9, 8]];

describe("what an axis can show", () => {
  it("is all of it, unless it is zoomed or logarithmic", () => {
    expect(visible(points, PLAIN)).toEqual(points);
  });

  it("reaches one point beyond the zoom on either side, so that lines reach the edges", () => {
    expect(visible(points, { ...PLAIN, zoom: [1.5, 3.5] }).map(([x]) => x)).toEqual([1, 2, 3, 4]);
    expect(visible(points, { ...PLAIN, zoom: [5, 6] }).map(([x]) => x)).toEqual([4, 9]);
    expect(visible(points, { ...PLAIN, zoom: [20, 30] }).map(([x]) => x)).toEqual([9]);
  });

  it("has gaps at zero and below where values are logarithmic", () => {
    expect(visible(points, { ...PLAIN, logY: true }).map(([, value]) => value)).toEqual([5, null, null, null, 7, 8]);
  });

  it("begins above zero where places are logarithmic", () => {
    expect(visible(points, { ...PLAIN, logX: true })[0]).toEqual([1, -2]);
  });

  it("counts what it cannot show, but not what was no number anyway", () => {
    const series = seed(points.map(([x]) => x), points.map(([, value]) => value));
    expect(countDropped([series], PLAIN)).toBe(0);
    expect(countDropped([series], { ...PLAIN, logY: true })).toBe(2);
    expect(countDropped([series], { ...PLAIN, logX: true, logY: true })).toBe(3);
    expect(countDropped([series], { ...PLAIN, logY: true, zoom: [4, 9] })).toBe(0);
  });
});

describe("curves", () => {
  it("have their seeds behind when asked for, and what they were before they were smoothed", () => {
    const behind = (making: Partial<Making>) => makeCurves(runs("grpo", 3), { ...PLAIN, ...making })[0]?.behind.length;
    expect([behind({}), behind({ lines: "seeds" }), behind({ lines: "seeds", smoothing: "light" })]).toEqual([0, 3, 4]);
    expect([behind({ lines: "runs" }), behind({ lines: "runs", smoothing: "light" })]).toEqual([0, 1]);
  });

  it("over time are read on a common grid, over steps where seeds reported", () => {
    const [quick, slow] = [seed([1, 2], [0, 1]), seed([1, 2], [0, 1])];
    const timed = [{ ...quick, xs: [10, 20] }, { ...slow, xs: [12, 25] }];
    expect(makeCurves(timed, { ...PLAIN, x: "seconds" })[0]?.spreads).toHaveLength(200);
    expect(makeCurves([quick, slow], PLAIN)[0]?.spreads).toHaveLength(2);
  });

  it("can be read where any of them has a point, between their own points and not beyond", () => {
    const curves = makeCurves([seed([1, 3], [0, 4]), { ...seed([2, 5], [1, 1]), arm: "bonus", run_id: 2 }], PLAIN);
    expect(placesOf(curves, null)).toEqual([1, 2, 3, 5]);
    expect(placesOf(curves, [2, 4])).toEqual([2, 3]);
    const [grpo, bonus] = curves;
    expect(grpo && readAt(grpo, 2)?.mean).toBe(2);
    expect(grpo && readAt(grpo, 5)).toBeNull();
    expect(bonus && readAt(bonus, 1)).toBeNull();
  });
});

describe("rows for a file", () => {
  it("are the shown means with their intervals, unrounded", () => {
    const rows = curveRows("reward", makeCurves(runs("grpo", 2), PLAIN), PLAIN);
    expect(rows[0]).toEqual(["arm", "step", "reward", "low", "high", "seeds"]);
    const half = 12.706 * 0.5;
    expect(rows[1]).toEqual(["grpo", 1, 1.5, 1.5 - half, 1.5 + half, 2]);
  });

  it("are single runs where those are shown, only within the zoom, and say that they are smoothed", () => {
    const making: Making = { ...PLAIN, lines: "runs", smoothing: "strong", zoom: [2, 3] };
    const rows = curveRows("reward", makeCurves(runs("grpo", 2), making), making);
    expect(rows).toEqual([
      ["run", "arm", "seed", "step", "reward (smoothed: strong)"],
      [10, "grpo", 0, 2, 1],
      [11, "grpo", 1, 2, 3],
    ]);
  });

  it("leave cells empty where there is no number", () => {
    const rows = curveRows("reward", makeCurves([seed([1], [null])], PLAIN), PLAIN);
    expect(rows[1]).toEqual(["grpo", 1, null, null, null, 1]);
  });
});
