import { describe, expect, it } from "vitest";

import type { RunDetail, SweepDetail, TrainSettings } from "../api/types";
import { armSubject, differences, runDetailSubject, runOf, runSubject } from "./diff";

type PlannedArm = SweepDetail["arms_list"][number];

const TRAIN = { steps: 100, learning_rate: 3e-4, prompts_per_step: 32, max_completion_tokens: null } as unknown as TrainSettings;

function planned(name: string, method: PlannedArm["method"], train: Partial<TrainSettings> | null = {}): PlannedArm {
  return { name, template: "t", method, train: train && { ...TRAIN, ...train }, is_baseline: false, shared: 0 };
}

function run(id: number, changes: object = {}, versions: Record<string, string> | null = { torch: "2.13.0" }): RunDetail {
  const spec = { model: "tiny", model_version: "1", method: { method: "grpo" }, train: TRAIN, eval: { problems: 128, split: "eval" }, seed: 0, replica: 0, ...changes };
  return { id, arm: "grpo", spec, attempts: [{ device: "cpu:0", versions }] } as unknown as RunDetail;
}

describe("settings side by side", () => {
  it("are only those that differ, and how many do not", () => {
    const { rows, same } = differences([
      armSubject(planned("a", { method: "entropy_shaped", alpha: 0.1, kappa: 2, form: "additive" })),
      armSubject(planned("b", { method: "entropy_shaped", alpha: 0.4, kappa: 2, form: "additive" }, { steps: 50 })),
    ]);
    expect(rows).toEqual([
      { setting: "alpha", values: ["0.1", "0.4"] },
      { setting: "train.steps", values: ["100", "50"] },
    ]);
    expect(same).toBe(7);
  });

  it("say what an arm does not have", () => {
    const { rows } = differences([armSubject(planned("a", { method: "entropy_bonus", beta: 0.001 })), armSubject(planned("b", { method: "base" }, null))]);
    expect(rows).toEqual([
      { setting: "method", values: ["entropy_bonus", "base"] },
      { setting: "beta", values: ["0.001", null] },
    ]);
  });

  it("are of training only where those that were trained differ", () => {
    const subjects = [planned("base", { method: "base" }, null), planned("a", { method: "grpo" }), planned("b", { method: "grpo" }, { steps: 50 })].map(armSubject);
    expect(differences(subjects).rows.at(-1)).toEqual({ setting: "train.steps", values: [null, "100", "50"] });
  });

  it("are of an arm and a run what both have", () => {
    const { rows } = differences([armSubject(planned("a", { method: "grpo" }, { steps: 50 })), runDetailSubject(run(1, { seed: 3 }))]);
    expect(rows).toEqual([{ setting: "train.steps", values: ["50", "100"] }]);
  });

  it("keep every digit, so that what differs looks different", () => {
    const rates = [3e-4, 3.0000001e-4].map((learning_rate, at) => armSubject(planned(`arm ${at}`, { method: "grpo" }, { learning_rate })));
    expect(differences(rates).rows).toEqual([{ setting: "train.learning_rate", values: ["0.0003", "0.00030000001"] }]);
  });

  it("tell replicas apart, of which only the name differs", () => {
    const replicas = ["grpo/replica=0", "grpo/replica=1"].map((name) => armSubject(planned(name, { method: "grpo" })));
    expect(differences(replicas).rows).toEqual([{ setting: "replica", values: ["0", "1"] }]);
  });

  it("are of runs their versions, evaluation, device and seed too", () => {
    const { rows } = differences([run(1), run(2, { seed: 1, model_version: "2", eval: { problems: 64, split: "eval" } }, { torch: "2.14.0" })].map(runDetailSubject));
    expect(rows.map(({ setting, values }) => [setting, ...values])).toEqual([
      ["model_version", "1", "2"],
      ["seed", "0", "1"],
      ["eval.problems", "128", "64"],
      ["version of torch", "2.13.0", "2.14.0"],
    ]);
  });

  it("are nothing of a run that never began but its specification", () => {
    expect(runDetailSubject(run(1, {}, null)).settings.has("version of torch")).toBe(false);
  });
});

it("an arm is named in the address by its name, a run by its number", () => {
  expect(runOf(runSubject(12))).toBe(12);
  expect(runOf("shaped/alpha=0.4,kappa=2")).toBeNull();
});
