import { describe, expect, it } from "vitest";

import type { Series } from "../api/types";
import { meanOf, shownPoints } from "./means";

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
