import { describe, expect, it } from "vitest";

import type { Series } from "../api/types";
import { meanOf, pointsOf, shownPoints, smoothed, spreadOf, stretchesOf } from "./means";
import { quantileOfT } from "./quantiles";

function seed(steps: number[], values: (number | null)[], total = steps.length): Series {
  return { run_id: 1, arm: "grpo", seed: 0, name: "entropy/mean", total, steps, xs: null, values, means: null, gap: null };
}

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

  it("leaves out what is not a number", () => {
    expect(means(seed([1, 2], [1, null]), seed([1, 2], [3, 4]))).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect(means(seed([1], [null]))).toEqual([[1, null]]);
  });

  it("counts the points that are not shown", () => {
    expect(shownPoints([seed([1, 9], [1, 1], 9)])).toEqual({ shown: 2, total: 9 });
    expect(shownPoints([seed([1, 2], [1, 1])])).toBeNull();
  });
});

describe("the band around it", () => {
  const spreads = spreadOf([seed([1, 2, 3], [1, 2, null]), seed([1, 2, 3], [2, 4, 6]), seed([1], [6])].map(pointsOf));

  it("is Student's t over the seeds of that step", () => {
    const { mean, half, seeds } = spreads[0] ?? {};
    expect([mean, seeds]).toEqual([3, 3]);
    expect(half).toBeCloseTo(4.303 * Math.sqrt(7 / 3), 6);
    expect(spreads[1]?.half).toBeCloseTo(12.706 * 1, 6);
  });

  it("needs two seeds", () => {
    expect(spreads[2]).toMatchObject({ mean: 6, half: null, seeds: 1 });
    expect(stretchesOf(spreads)).toHaveLength(1);
    expect(stretchesOf(spreads)[0]?.upper.map(([step]) => step)).toEqual([1, 2]);
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
