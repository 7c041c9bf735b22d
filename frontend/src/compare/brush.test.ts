import { describe, expect, it } from "vitest";

import type { SweepDetail } from "../api/types";
import { axesOf, extentOf, wordsOn } from "./axes";
import { brushWords, readBrush, withinBrush, writeBrush } from "./brush";
import { arm, COMPARISON, shaped } from "./samples";

type PlannedArm = SweepDetail["arms_list"][number];

const passing = (mean: number) => ({ pass_at: [0.2, mean].map((one) => ({ mean: one, low: one, high: one })) });
const ARMS = [
  { ...arm("grpo", { method: "grpo" }, passing(0.6)), is_baseline: true },
  arm("bonus", { method: "entropy_bonus", beta: 0.001 }, passing(0.5)),
  shaped(0.1, 2, passing(0.7)),
  shaped(0.4, 2, passing(0.8)),
  shaped(0.8, 2, { pass_at: null, entropy: null }),
];
const COMPARED = { ...COMPARISON, ks: [1, 8], arms: ARMS };
const PLANNED = ARMS.map(({ name, template, method, is_baseline }): PlannedArm => ({ name, template, method, is_baseline, train: null, shared: 0 }));
const AXES = axesOf(COMPARED, PLANNED, 8);

function left(...entries: string[]): string[] | null {
  const within = withinBrush(ARMS, AXES, readBrush(entries, AXES));
  return within && Array.from(within);
}

describe("the axes", () => {
  it("are the settings of which several values were tried, then the results", () => {
    expect(AXES.map(({ id }) => id)).toEqual(["method", "alpha", "pass@1", "pass@8", "entropy"]);
  });

  it("have steps from the smallest number up, above the arms without the setting", () => {
    const alpha = AXES[1];
    expect(alpha?.kind === "steps" && alpha.steps).toEqual(["none", "0.1", "0.4", "0.8"]);
    expect(ARMS.map((one) => alpha?.place(one))).toEqual([0, 0, 1, 2, 3]);
    expect(alpha && extentOf(alpha, ARMS)).toEqual([-0.5, 3.5]);
  });

  it("name k only once where it is one", () => {
    expect(axesOf(COMPARED, PLANNED, 1).map(({ id }) => id)).toEqual(["method", "alpha", "pass@1", "entropy"]);
  });

  it("write their values as the table does", () => {
    expect(AXES.map((axis) => wordsOn(axis, ARMS[3]!))).toEqual(["entropy-shaped", "0.4", "20.0\u00a0%", "80.0\u00a0%", "0.2"]);
    expect(wordsOn(AXES[4]!, ARMS[4]!)).toBeNull();
  });
});

describe("a brush", () => {
  it("leaves the arms that pass through every stretch", () => {
    expect(left()).toBeNull();
    expect(left("alpha:0.1..0.4")).toEqual(["shaped/alpha=0.1,kappa=2", "shaped/alpha=0.4,kappa=2"]);
    expect(left("alpha:0.1..0.4", "pass@8:0.75..0.9")).toEqual(["shaped/alpha=0.4,kappa=2"]);
    expect(left("alpha:none..none")).toEqual(["grpo", "bonus"]);
  });

  it("may be open at an end, and leaves out arms without the result", () => {
    expect(left("pass@8:0.6..")).toEqual(["grpo", "shaped/alpha=0.1,kappa=2", "shaped/alpha=0.4,kappa=2"]);
    expect(left("pass@8:..0.55")).toEqual(["bonus"]);
  });

  it("survives the address", () => {
    const entries = ["alpha:0.1..0.4", "pass@8:0.6..0.75", "entropy:..0.3"];
    expect(writeBrush(readBrush(entries, AXES), AXES, [])).toEqual(entries);
  });

  it("keeps steps that were only partly covered out, and results to four digits", () => {
    const brush = new Map([["alpha", [0.8, 2.3] as [number, number]], ["pass@8", [0.612345, 0.7] as [number, number]]]);
    expect(writeBrush(brush, AXES, [])).toEqual(["alpha:0.1..0.4", "pass@8:0.6123..0.7"]);
  });

  it("keeps what it says of axes that are not shown now", () => {
    expect(left("pass@4:0.1..0.2")).toBeNull();
    expect(writeBrush(readBrush(["alpha:0.1..0.1"], AXES), AXES, ["pass@4:0.1..0.2", "alpha:0.4..0.4"])).toEqual(["pass@4:0.1..0.2", "alpha:0.1..0.1"]);
  });

  it("is none where the address makes no sense", () => {
    expect(left("alpha", "alpha:7..9", "pass@8:x..y", "pass@8:..", "nothing:0..1", ":..")).toBeNull();
  });

  it("can be told", () => {
    const words = (...entries: string[]) => brushWords(readBrush(entries, AXES), AXES);
    expect(words("alpha:0.1..0.4", "pass@8:0.6..")).toBe("alpha 0.1 to 0.4, pass@8 at least 60.0\u00a0%");
    expect(words("method:entropy_bonus..entropy_bonus", "entropy:..0.3")).toBe("method entropy bonus, entropy at most 0.3");
  });
});
