import { describe, expect, it } from "vitest";

import { readDrawing, roundedZoom } from "./drawing";
import { readPositions, written } from "./positions";
import { sweepOf } from "./samples";
import { MOST_ARMS, readView } from "./view";

const SWEEP = sweepOf(["base", "base"], ["grpo", "grpo"], ["shaped/alpha=0.1", "entropy_shaped"], ["shaped/alpha=0.4", "entropy_shaped"]);

function view(query: string) {
  return readView(new URLSearchParams(query), SWEEP);
}

describe("what an address asks for", () => {
  it("is every trained arm, with seeds behind while arms are few", () => {
    expect(view("")).toEqual({ metrics: null, lines: "seeds", sign: "all", shown: ["grpo", "shaped/alpha=0.1", "shaped/alpha=0.4"], front: null });
  });

  it("names arms by their positions, which stay when the sweep is extended", () => {
    expect(view("arms=1,3&front=3")).toMatchObject({ shown: ["grpo", "shaped/alpha=0.4"], front: "shaped/alpha=0.4" });
    expect(view("arms=").shown).toEqual([]);
    expect(view("arms=0,77,x").shown).toEqual([]);
  });

  it("keeps nothing in front that is hidden", () => {
    expect(view("arms=1&front=3").front).toBeNull();
  });

  it("is the first arms and the baseline where there are very many", () => {
    const many = sweepOf(...Array.from({ length: 100 }, (_, arm): [string, string] => [`a${arm}`, "grpo"]));
    many.baseline = "a99";
    const { shown, lines } = readView(new URLSearchParams(), many);
    expect([shown.length, shown.at(-1), lines]).toEqual([MOST_ARMS, "a99", "means"]);
  });

  it("passes over what it does not know", () => {
    expect(view("lines=dots&sign=up")).toMatchObject({ lines: "seeds", sign: "all" });
    expect(readDrawing(new URLSearchParams("x=hours&smooth=much&zoom=9~3"))).toEqual({ x: "step", logX: false, logY: false, smoothing: "none", zoom: null });
    for (const zoom of ["", "1", "a~b", "1~2~3", "-1~5", "1~Infinity", "~5"]) expect(readDrawing(new URLSearchParams({ zoom })).zoom).toBeNull();
  });

  it("is a part of training in units of its axis", () => {
    expect(readDrawing(new URLSearchParams("x=seconds&zoom=1.5~20&logy=1"))).toMatchObject({ x: "seconds", zoom: [1.5, 20], logY: true, logX: false });
  });
});

it("rounds a zoom outwards to what a reader can say", () => {
  expect(roundedZoom("step", 11.4, 18.2)).toEqual([11, 19]);
  expect(roundedZoom("seconds", 11.44, 18.21)).toEqual([11.4, 18.3]);
  expect(roundedZoom("step", 3, 3)).toBeNull();
});

it("writes positions as ranges and reads them back", () => {
  expect(written([7, 0, 1, 2, 3])).toBe("0-3,7");
  expect(Array.from(readPositions("0-3,7", 8))).toEqual([0, 1, 2, 3, 7]);
  expect(readPositions("0-999999999", 3).size).toBe(3);
  expect(written([])).toBe("");
});
