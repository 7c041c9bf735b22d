import { describe, expect, it } from "vitest";

import { looksOf } from "./looks";
import { rollout } from "./samples";
import { BOUNDS, isCapped, shade } from "./shades";

describe("the shade of a token", () => {
  it("changes at the bounds of the scale, which are the same whatever is shown", () => {
    expect([0, 0.0999, 0.1, 0.59, 0.6, 4.99, 5, 11].map((value) => shade("entropy", value))).toEqual(["", "", "e1", "e2", "e3", "e6", "e7", "e7"]);
  });

  it("tells below zero from above", () => {
    expect([-2.5, -1, -0.2, 0, 0.2, 1, 2.5].map((value) => shade("advantage", value))).toEqual(["a-4", "a-3", "a-1", "", "a1", "a3", "a4"]);
  });

  it("is one of its own where there is no number", () => {
    expect(shade("psi", null)).toBe("px");
  });

  it("has bounds that grow", () => {
    for (const bounds of Object.values(BOUNDS)) expect([...bounds]).toEqual([...new Set(bounds)].sort((a, b) => a - b));
  });
});

describe("psi at its cap", () => {
  it("is |A| / kappa, as 32-bit numbers have it", () => {
    expect(isCapped(Math.fround(Math.fround(0.35345343) / 2), -0.35345343, 2)).toBe(true);
    expect(isCapped(0.176, -0.35345343, 2)).toBe(false);
  });

  it("means nothing without an advantage, without shaping, or without a number", () => {
    expect(isCapped(0, 0, 2)).toBe(false);
    expect(isCapped(0.5, 1, null)).toBe(false);
    expect(isCapped(null, 1, 2)).toBe(false);
  });
});

describe("the look of a token", () => {
  it("has the shades of every measure, so that another can be chosen without drawing anew", () => {
    const one = rollout(0, ["so", " x", "<eos>", "", "  "], {
      entropies: [0.2, 1, null, 0, 0],
      psi: [0.08, 0.4, 0.5, 0, 0],
      advantages: [1, 1, 1, 1, -1],
    });
    expect(looksOf(one, 2, [])).toEqual(["e1 p2 a3", "e4 p5 a3 spaced", "ex p6 a3 capped special", "a3 part", "a-3 blank"]);
  });

  it("is that of a token without any where values are missing", () => {
    expect(looksOf(rollout(0, ["a"], { entropies: [], psi: [], advantages: [] }), 2, [])).toEqual(["ex px ax"]);
  });
});
