import { expect, it } from "vitest";

import { INK } from "../charts/palette";
import { makeCurves } from "./curve";
import { grouped, matching } from "./meanings";
import { runs, seed } from "./samples";
import { droppedWords, gapLines, gapWords, makingWords, readingAt, shownWords } from "./words";

const LOOK = { styles: new Map(), baseline: "grpo", ink: INK.light };

it("says how many points are shown, and that all are", () => {
  const thinned = { ...seed([1, 9, 50], [1, 1, 1], 12_000), means: { steps: [], xs: null, values: [] } };
  expect(shownWords([thinned], null)).toBe("Showing 3 of 12,000 points.");
  expect(shownWords([{ ...thinned, total: 400 }], [5, 20])).toBe("Showing 1 of 400 points here.");
  expect(shownWords([seed([1, 2], [1, 1])], null)).toBe("All 2 points.");
});

it("says from where on a run reported what is not a number", () => {
  const broken = { ...seed([1], [null]), gap: { count: 3, first: 42, lasting: true } };
  expect(gapWords(broken)).toBe("not a number from step 42");
  expect(gapWords({ ...broken, gap: { count: 3, first: 42, lasting: false } })).toBe("3 values not a number, the first at step 42");
  expect(gapLines([broken, seed([1], [1])])).toEqual([{ run: 1, words: "grpo, seed 0: not a number from step 42" }]);
});

it("says what a logarithmic axis leaves out", () => {
  expect(droppedWords(0)).toBe("");
  expect(droppedWords(1)).toBe("1 shown point at or below zero cannot stand on a logarithmic axis.");
});

it("says how lines came about", () => {
  expect(makingWords({ lines: "means", x: "step", smoothing: "none" })).not.toContain("read between");
  expect(makingWords({ lines: "means", x: "seconds", smoothing: "none" })).toContain("at 200 even times");
  expect(makingWords({ lines: "runs", x: "step", smoothing: "strong" })).toMatch(/^Each line is a run\..*within 6\u00a0%/);
});

it("reads every arm at a place, the highest first, with interval and seeds", () => {
  const curves = makeCurves([...runs("low", 1), ...runs("high", 3)], { x: "step", logX: false, logY: false, smoothing: "none", zoom: null, lines: "means" });
  const rows = Array.from(readingAt(curves, 2, "step", LOOK).querySelectorAll(".tip-row"), (row) => row.textContent);
  expect(rows[0]).toMatch(/^high3/);
  expect(rows[0]).toContain("n = 3");
  expect(rows[1]).toBe("low1—, n = 1");
});

it("takes names of arms and metrics for nothing but text", () => {
  const evil = runs("<img src=x onerror=alert(1)>", 1);
  const curves = makeCurves(evil, { x: "step", logX: false, logY: false, smoothing: "none", zoom: null, lines: "runs" });
  const tip = readingAt(curves, 1, "step", LOOK);
  expect(tip.querySelector("img")).toBeNull();
  expect(tip.textContent).toContain("<img");
});

it("offers metrics in groups, the unknown ones too", () => {
  const groups = grouped(["loss", "entropy/mean", "novel/thing", "psi/share"]);
  expect(groups.map(({ title }) => title)).toEqual(["Entropy", "Shaping", "Training", "novel"]);
});

it("finds metrics by their name or their meaning", () => {
  expect(matching(["clip/any", "psi/capped", "loss"], "cap share")).toEqual(["psi/capped"]);
  expect(matching(["clip/any", "psi/capped", "loss"], "clipped")).toEqual(["clip/any"]);
});
