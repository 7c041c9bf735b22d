import { describe, expect, it } from "vitest";

import { armsAt, courseOf, kindsOf, stepsOf, trainedArms, trajectoriesOf } from "./figures";
import { arm, behaviour, inquiry, SWEEP } from "./samples";
import { viewOf } from "./view";

const at = (address: string, found = behaviour()) => viewOf(new URLSearchParams(address), SWEEP, found);

describe("what a sweep's figures tell", () => {
  it("is told after each arm's last step, or after one that is asked for", () => {
    const found = behaviour();
    expect(stepsOf(found)).toEqual([5, 10]);
    expect(armsAt(found, null).map((one) => [one.arm, one.step])).toEqual([
      ["untrained", 0],
      ["grpo", 10],
      ["bonus", 10],
      ["shaped", 10],
    ]);
    expect(armsAt(found, 5).map((one) => one.arm)).toEqual(["untrained", "grpo", "shaped"]);
  });

  it("begins for every arm with the untrained model", () => {
    expect(courseOf(behaviour(), "shaped").map(({ step }) => step)).toEqual([0, 5, 10]);
    expect(trainedArms(behaviour())).toEqual(["grpo", "bonus", "shaped"]);
  });

  it("has a trajectory for each run, through its steps", () => {
    const [, shaped] = trajectoriesOf(behaviour());
    expect(shaped?.points.map(({ step }) => step)).toEqual([0, 5, 10]);
  });

  it("has the kinds that were looked at", () => {
    expect(kindsOf(behaviour()).map(({ title }) => title)).toEqual(["all pivotal words", "causal", "verbs", "reflective sentences", "rare sentences"]);
  });

  it("says a single category once, and nothing of sentences that were not compared", () => {
    const { settings } = inquiry();
    const lexicon = { ...settings.lexicon, words: { operators: ["+"] }, reflective: [] };
    const found = behaviour({ inquiries: [inquiry({ settings: { ...settings, lexicon, rare: null } })] });
    expect(kindsOf(found).map(({ title }) => title)).toEqual(["operators"]);
  });
});

describe("what the reader sees", () => {
  it("is a shaped arm against the sweep's baseline, unless the address says otherwise", () => {
    expect(at("")).toMatchObject({ arm: "shaped", baseline: "grpo", step: null, measure: "mean" });
    expect(at("arm=bonus&baseline=untrained&after=5&of=gap&kind=verbs")).toMatchObject({ arm: "bonus", baseline: "untrained", step: 5, measure: "gap", kind: { name: "verbs" } });
  });

  it("falls back where the address names what there is not", () => {
    expect(at("arm=gone&baseline=gone&after=7&of=gone&kind=gone")).toMatchObject({ arm: "shaped", baseline: "grpo", step: null, measure: "mean", kind: { name: "all" } });
  });

  it("is the untrained model alone before any training was looked at", () => {
    expect(at("", behaviour({ arms: [arm("untrained", 0)] }))).toMatchObject({ arm: null, steps: [] });
  });
});
