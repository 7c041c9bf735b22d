import { describe, expect, it } from "vitest";

import { firstRows, foremost, MOST_ROWS } from "./foremost";
import { arm, difference } from "./samples";

const CELLS = Array.from({ length: 100 }, (_, place) => arm(`cell ${place}`, { method: "grpo" }, { delta: [difference(place / 1000, 0.1)] }));
const ARMS = [arm("base", { method: "base" }), { ...arm("grpo", { method: "grpo" }), is_baseline: true }, ...CELLS];

function names(...wanted: Parameters<typeof foremost>): string[] {
  return foremost(...wanted).map(({ name }) => name);
}

describe("of very many arms", () => {
  it("the baseline, the base model, the selected one and the largest differences are drawn, in the sweep's order", () => {
    expect(names(ARMS, 5, { selected: "cell 3", within: null })).toEqual(["base", "grpo", "cell 3", "cell 98", "cell 99"]);
  });

  it("those that the brush leaves come before larger differences", () => {
    expect(names(ARMS, 4, { selected: null, within: new Set(["cell 1", "cell 2"]) })).toEqual(["base", "grpo", "cell 1", "cell 2"]);
  });

  it("the first rows are shown, and the selected one", () => {
    expect(firstRows(ARMS, "cell 99").map(({ name }) => name).slice(-2)).toEqual([`cell ${MOST_ROWS - 3}`, "cell 99"]);
  });
});

it("few arms are all drawn and shown", () => {
  const few = ARMS.slice(0, 10);
  expect(foremost(few, 40, { selected: null, within: null })).toBe(few);
  expect(firstRows(few, null)).toBe(few);
});
