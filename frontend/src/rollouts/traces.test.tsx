import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import type { AskedAnalysis, ShownTrace } from "../api/types";
import { network, reply } from "../standins";
import { SWEEP } from "./samples";
import { answer, serve, show } from "./stage";
import { asCompletion, chooseTraces, filtered, tracedRuns } from "./traces";

function analysis(run_id: number, arm: string, seed: number | null, step: number, changes: Partial<AskedAnalysis> = {}): AskedAnalysis {
  const known = { phase: "", failure: null, error: null, lexicon: "english-1", requested_by: "ada", requested_at: "2026-01-01T00:00:00Z" };
  return { run_id, subject_id: step === 0 ? null : run_id % 100, arm, seed, step, status: "succeeded", ...known, ...changes };
}

const ANALYSES = [
  analysis(90, "untrained", null, 0),
  analysis(121, "grpo", 0, 10),
  analysis(131, "shaped", 0, 5),
  analysis(231, "shaped", 0, 10),
  analysis(132, "shaped", 1, 10, { status: "running" }),
];

function trace(number: number, problem: number, tokens: string[]): ShownTrace {
  return {
    part: "trace",
    number,
    problem,
    question: `question ${problem}`,
    prompt: "",
    correct: number === 0,
    truncated: false,
    tokens,
    entropies: tokens.map(() => 0.4),
    words: [[1, 1, "operators"]],
    sentences: [[0, 1, true, false, 0.1], [2, 2, false, true, 0.9]],
  };
}

const TRACES = [trace(0, 0, ["3", " +", " 4"]), trace(1, 1, ["so", " *", " 2"])];

describe("traces", () => {
  const at = (address: string) => chooseTraces(new URLSearchParams(address), SWEEP, tracedRuns(ANALYSES));

  it("are of finished analyses, the latest of the same weights", () => {
    const again = analysis(331, "shaped", 0, 10, { requested_at: "2026-02-01T00:00:00Z" });
    expect(tracedRuns([...ANALYSES, again]).map(({ run_id }) => run_id)).toEqual([90, 121, 131, 331]);
  });

  it("are of the baseline against another arm, each after its last step, or after one that is asked for", () => {
    const { sides, steps, arms } = at("");
    expect(steps).toEqual([5, 10]);
    expect(arms.map(({ name }) => name)).toEqual(["grpo", "shaped", "untrained"]);
    expect([sides.left?.analysis?.run_id, sides.right?.analysis?.run_id]).toEqual([121, 231]);
    expect(at("after=5").sides.left?.analysis).toBeNull();
    expect(at("after=5").sides.right?.analysis?.run_id).toBe(131);
    expect(at("right=untrained&after=5").sides.right?.analysis?.run_id).toBe(90);
    expect(at("right=none").sides.right).toBeNull();
  });

  it("are read as completions without an advantage", () => {
    expect(asCompletion(TRACES[0]!, 10)).toMatchObject({ step: 10, index: 0, correct: true, advantages: [], reflective: [[0, 1]], rare: [[2, 2]] });
  });

  it("are sought in any case, and by whether they are correct", () => {
    const numbers = (filter: object) => filtered(TRACES, { problem: 0, only: null, search: "", ...filter }).map(({ number }) => number);
    expect(numbers({ problem: 1, search: "SO" })).toEqual([1]);
    expect(numbers({ search: "SO" })).toEqual([]);
    expect(numbers({ only: "correct" })).toEqual([0]);
    expect(numbers({ only: "wrong" })).toEqual([]);
  });
});

describe("the switch", () => {
  beforeEach(() => {
    serve();
    network.mockImplementation(async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith("/analyses")) return reply({ analyses: ANALYSES, subjects: [] });
      if (pathname.endsWith("/traces")) return reply({ traces: TRACES, total: 2 });
      return reply(answer(request));
    });
  });

  it("leads from training completions to analysis traces, marked with what is rare", async () => {
    const { address } = show();
    await userEvent.click(await screen.findByRole("button", { name: "analysis traces" }));
    expect(address().get("kept")).toBe("traces");
    const left = await screen.findByRole("region", { name: "grpo, seed 0" });
    const first = await within(left).findByRole("listitem", { name: "completion 0, correct, 3 tokens" });
    expect(first.querySelector('[data-t="2"]')).toHaveClass("rare", "rare-first");
    expect(first).not.toHaveTextContent("A ");
    expect(screen.getByText("rare, by its wording")).toBeInTheDocument();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Problem" }), "question 1");
    expect(await within(left).findByText("so", { exact: false })).toBeInTheDocument();
  });

  it("shows the correct or the wrong alone, and offers what is shown as files", async () => {
    const { address } = show("kept=traces");
    const left = await screen.findByRole("region", { name: "grpo, seed 0" });
    await within(left).findByRole("listitem");
    await userEvent.click(screen.getByRole("button", { name: "wrong" }));
    expect(address().get("only")).toBe("wrong");
    expect(await within(left).findByText("No trace of this problem is wrong.")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "correct" }));
    expect(await within(left).findByText("1 of 1 trace correct")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "CSV, every token" })).toBeInTheDocument();
  });

  it("says where a run was not looked at after that step", async () => {
    show("kept=traces&after=5");
    expect(await screen.findByText("Not looked at after this step")).toBeInTheDocument();
    expect(await screen.findByRole("region", { name: "shaped, seed 0" })).toBeInTheDocument();
  });
});
