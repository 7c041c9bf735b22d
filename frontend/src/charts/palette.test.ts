import { describe, expect, it } from "vitest";

import type { Theme } from "../shell/theme";
import { armStyles, BASE, BASELINE, HUES, INK, styleAt } from "./palette";

type Triple = [number, number, number];
type Matrix = [Triple, Triple, Triple];

/** How colours are seen without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1). */
const SIGHTS: Record<string, Matrix> = {
  everything: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** Ottosson's Oklab: linear red, green and blue to cones, and these to lightness and two opponents. */
const CONES: Matrix = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const LAB: Matrix = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];

/** Noticed at once in two thin lines side by side; 0.02 is just noticeable in two large areas. */
const APART = 0.075;
const THEMES: Theme[] = ["light", "dark"];

function linear(color: string): Triple {
  const part = (at: number) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  const row = ([a, b, c]: Triple) => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

function seen(color: string, sight: Matrix): Triple {
  const clipped = times(sight, linear(color)).map((part) => Math.min(1, Math.max(0, part))) as Triple;
  return times(LAB, times(CONES, clipped).map(Math.cbrt) as Triple);
}

function distance(one: Triple, other: Triple): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [one, other].map((color) => times([[0.2126, 0.7152, 0.0722], [0, 0, 0], [0, 0, 0]], linear(color))[0] + 0.05).sort((a, b) => a - b);
  return high / low;
}

describe.each(THEMES)("the colours of arms on a %s ground", (theme) => {
  const colors = [...HUES[theme], BASE[theme], BASELINE[theme]];

  it.each(Object.entries(SIGHTS))("stay apart for an eye that sees %s", (_, sight) => {
    const pairs = colors.flatMap((one, at) => colors.slice(at + 1).map((other) => ({ one, other, apart: distance(seen(one, sight), seen(other, sight)) })));
    expect(pairs.filter(({ apart }) => apart < APART)).toEqual([]);
  });

  it("stand out from the ground as WCAG asks of graphics", () => {
    expect(colors.filter((color) => contrast(color, INK[theme].surface) < 3)).toEqual([]);
  });
});

describe("the style of an arm", () => {
  const arm = (name: string, method = "grpo", is_baseline = false) => ({ name, is_baseline, method: { method } });

  it("differs from any other by dash and marker alone, and by dash and colour alone, among 32 arms", () => {
    const styles = Array.from({ length: 32 }, (_, place) => styleAt(place, "light"));
    expect(new Set(styles.map(({ dash, marker }) => `${dash} ${marker}`)).size).toBe(32);
    expect(new Set(styles.map(({ dash, color }) => `${dash} ${color}`)).size).toBe(32);
  });

  it("differs from any other among 256 arms", () => {
    const styles = Array.from({ length: 256 }, (_, place) => JSON.stringify(styleAt(place, "dark")));
    expect(new Set(styles).size).toBe(256);
  });

  it("stays when arms are added, and does not depend on which arm is the baseline", () => {
    const few = armStyles([arm("base", "base"), arm("a", "grpo", true), arm("b"), arm("c")], "light");
    const more = armStyles([arm("base", "base"), arm("a"), arm("b", "grpo", true), arm("c"), arm("d")], "light");
    expect(more.get("c")).toEqual(few.get("c"));
    expect(more.get("base")).toEqual(few.get("base"));
    expect(few.get("a")?.color).toBe(BASELINE.light);
  });
});
