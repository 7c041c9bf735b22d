import { expect, it, vi } from "vitest";

import type { Series } from "../api/types";
import { INK } from "../charts/palette";
import { metricOption, type Look } from "./option";

// jsdom has no media queries, which charts ask whether they may move.
window.matchMedia = vi.fn(() => ({ matches: true }) as MediaQueryList);

function runs(arm: string, seeds: number): Series[] {
  return Array.from({ length: seeds }, (_, seed) => ({ run_id: seed, arm, seed, name: "reward", total: 2, steps: [1, 2], xs: null, values: [seed, 2 * seed], means: null, gap: null }));
}

function banded(series: Series[], focus: string | null = null): string[] {
  const look: Look = { styles: new Map(), hidden: new Set(), focus, baseline: "grpo", singles: false, smoothing: "none", ink: INK.light };
  const drawn = metricOption(series, look).series as { id: string }[];
  return drawn.flatMap(({ id }) => (id.endsWith(" interval") ? [id.replace(" interval", "")] : []));
}

it("draws the band of every arm while they are few", () => {
  expect(banded([...runs("grpo", 3), ...runs("bonus", 3)])).toEqual(["grpo", "bonus"]);
});

it("draws those of the baseline and of the arm pointed at when they are many", () => {
  const many = ["grpo", "a", "b", "c", "d"].flatMap((arm) => runs(arm, 3));
  expect(banded(many)).toEqual(["grpo"]);
  expect(banded(many, "c")).toEqual(["grpo", "c"]);
});

it("draws those of two seeds, which cover the plot, only where pointed at", () => {
  const pairs = [...runs("grpo", 2), ...runs("bonus", 2)];
  expect(banded(pairs)).toEqual([]);
  expect(banded(pairs, "bonus")).toEqual(["bonus"]);
});
