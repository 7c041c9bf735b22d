import { describe, expect, it } from "vitest";

import type { Series } from "../api/types";
import { meanOf, shownPoints, smoothed } from "./means";

function seed(steps: number[], values: (number | null)[], total = steps.length): Series {
  return { run_id: 1, arm: "grpo", seed: 0, name: "entropy/mean", total, steps, values };
}

describe("an arm's mean over seeds", () => {
  it("is pointwise where seeds reported the same steps", () => {
    expect(meanOf([seed([1, 2], [1, 2]), seed([1, 2], [3, 4])])).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it("reads a seed between its own reports", () => {
    expect(meanOf([seed([1, 3], [0, 2]), seed([1, 2, 3], [0, 3, 2])])[1]).toEqual([2, 2]);
  });

  it("never reads a seed beyond its end", () => {
    expect(meanOf([seed([1], [10]), seed([1, 2], [0, 4])])).toEqual([
      [1, 5],
      [2, 4],
    ]);
  });

  it("leaves out what is not a number", () => {
    expect(meanOf([seed([1, 2], [1, null]), seed([1, 2], [3, 4])])).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect(meanOf([seed([1], [null])])).toEqual([[1, null]]);
  });

  it("counts the points that are not shown", () => {
    expect(shownPoints([seed([1, 9], [1, 1], 9)])).toEqual({ shown: 2, total: 9 });
    expect(shownPoints([seed([1, 2], [1, 1])])).toBeNull();
  });
});

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
