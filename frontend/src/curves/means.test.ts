import { describe, expect, it } from "vitest";

import type { Series } from "../api/types";
import { stretchesOf } from "../charts/band";
import { commonGrid, GRID, intervalsOf, meanOf, pointsOf, sampleOf, smoothed, spreadOf } from "./means";
import { quantileOfT } from "./quantiles";
import { seed } from "./samples";

function means(...seeds: Series[]) {
  return meanOf(spreadOf(seeds.map(pointsOf)));
}

describe("an arm's mean over seeds", () => {
  it("is pointwise where seeds reported the same steps", () => {
    expect(means(seed([1, 2], [1, 2]), seed([1, 2], [3, 4]))).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it("reads a seed between its own reports", () => {
    expect(means(seed([1, 3], [0, 2]), seed([1, 2, 3], [0, 3, 2]))[1]).toEqual([2, 2]);
  });

  it("never reads a seed beyond its end", () => {
    expect(means(seed([1], [10]), seed([1, 2], [0, 4]))).toEqual([
      [1, 5],
      [2, 4],
    ]);
  });

  it("has a gap where a seed reported no number, for the others alone would flatter it", () => {
    const found = means(seed([1, 2, 3], [1, null, 2]), seed([1, 2, 3], [3, 4, 4]));
    expect(found).toEqual([
      [1, 2],
      [2, null],
      [3, 3],
    ]);
    expect(means(seed([1], [null]))).toEqual([[1, null]]);
  });

  it("is made of the means of stretches where a series was thinned, not of its extremes", () => {
    const thinned = { ...seed([1, 2], [0, 9], 100), means: { steps: [1.5], xs: null, values: [4] } };
    expect(sampleOf(thinned)).toEqual([[1.5, 4]]);
    expect(pointsOf(thinned)).toEqual([
      [1, 0],
      [2, 9],
    ]);
  });

  it("stands where the series stands on another axis than steps", () => {
    expect(pointsOf({ ...seed([1, 2], [0, 9]), xs: [100, 220] })).toEqual([
      [100, 0],
      [220, 9],
    ]);
  });
});

describe("a common grid", () => {
  const quick: [number, number][] = [[1, 0], [2, 1], [3, 2]];
  const slow: [number, number][] = [[1.5, 0], [3, 1], [4.5, 2]];

  it("is not needed where seeds reported at the same places", () => {
    expect(commonGrid([quick, quick.slice(0, 2)], false)).toBeNull();
    expect(commonGrid([], false)).toBeNull();
  });

  it("spans all seeds evenly", () => {
    const grid = commonGrid([quick, slow], false) ?? [];
    expect([grid.length, grid[0], grid.at(-1)]).toEqual([GRID, 1, 4.5]);
    expect((grid[1] ?? 0) - (grid[0] ?? 0)).toBeCloseTo(3.5 / (GRID - 1));
  });

  it("spans them by ratio on a logarithmic axis, from the first place above zero", () => {
    const grid = commonGrid([[[0, 1], ...quick], slow], true) ?? [];
    expect([grid[0], grid.at(-1)]).toEqual([1, 4.5]);
    expect((grid[2] ?? 0) / (grid[1] ?? 1)).toBeCloseTo((grid[150] ?? 0) / (grid[149] ?? 1));
  });

  it("counts at each place the seeds that were there", () => {
    const spreads = spreadOf([quick, slow], [1, 2, 4]);
    expect(spreads.map(({ x, seeds }) => [x, seeds])).toEqual([
      [1, 1],
      [2, 2],
      [4, 1],
    ]);
    expect(spreads[1]?.mean).toBeCloseTo((1 + 1 / 3) / 2);
  });
});

describe("the band around it", () => {
  const spreads = spreadOf([seed([1, 2], [1, 2]), seed([1, 2, 3], [2, 4, 6]), seed([1], [6])].map(pointsOf));

  it("is Student's t over the seeds of that step", () => {
    const { mean, half, seeds } = spreads[0] ?? {};
    expect([mean, seeds]).toEqual([3, 3]);
    expect(half).toBeCloseTo(4.303 * Math.sqrt(7 / 3), 6);
    expect(spreads[1]?.half).toBeCloseTo(12.706 * 1, 6);
  });

  it("needs two seeds", () => {
    expect(spreads[2]).toMatchObject({ mean: 6, half: null, seeds: 1 });
    expect(stretchesOf(intervalsOf(spreads))).toHaveLength(1);
    expect(stretchesOf(intervalsOf(spreads))[0]?.upper.map(([step]) => step)).toEqual([1, 2]);
  });

  it("uses quantiles that 97.5 % of the distribution lie below", () => {
    for (const freedom of [1, 2, 3, 4, 7, 15, 29, 30]) expect(below(quantileOfT(freedom), freedom)).toBeCloseTo(0.975, 4);
    expect(quantileOfT(200)).toBe(quantileOfT(30));
  });
});

/** Student's t distribution function: its density summed by Simpson's rule, scaled to an area of 1. */
function below(t: number, freedom: number): number {
  // With x = tan(angle) * sqrt(freedom) the density becomes cos(angle) ** (freedom - 1).
  const area = (end: number) => {
    const strips = 2000;
    const width = end / strips;
    const weight = (strip: number) => (strip === 0 || strip === strips ? 1 : strip % 2 === 1 ? 4 : 2);
    const heights = Array.from({ length: strips + 1 }, (_, strip) => weight(strip) * Math.cos(strip * width) ** (freedom - 1));
    return (heights.reduce((sum, height) => sum + height, 0) * width) / 3;
  };
  return 0.5 + area(Math.atan(t / Math.sqrt(freedom))) / area(Math.PI / 2) / 2;
}

describe("smoothing", () => {
  const falling = Array.from({ length: 100 }, (_, step): [number, number] => [step, 100 - step]);

  it("leaves a straight line where it is", () => {
    expect(smoothed(falling, "strong")).toEqual(falling);
  });

  it("evens out noise and keeps gaps", () => {
    const noisy = falling.map(([step], index): [number, number | null] => [step, index === 50 ? null : index % 2]);
    const even = smoothed(noisy, "strong");
    expect(even[50]).toEqual([50, null]);
    expect(even[20]?.[1]).toBeCloseTo(0.5, 1);
  });
});
