import { describe, expect, it } from "vitest";

import { readPlace } from "./addresses";
import { choose, firstProblem, lastShared, neighbour, problemsOf } from "./choice";
import { arm, indexAt, run, RUNS, SWEEP } from "./samples";

const chosen = (address: string, runs = RUNS) => {
  const { left, right } = choose(new URLSearchParams(address), SWEEP, runs);
  return [left, right].map((side) => side && `${side.arm.name} ${side.seed} ${side.run?.id}`);
};

describe("what is looked at", () => {
  it("is the baseline against the first arm that kept anything, with a seed of both", () => {
    expect(chosen("")).toEqual(["grpo 0 21", "shaped 0 31"]);
  });

  it("is the arm that was selected in the comparison, against the baseline", () => {
    expect(chosen("arm=bonus")).toEqual(["grpo 0 21", "bonus 0 11"]);
    expect(chosen("arm=grpo&seed=1")).toEqual(["grpo 1 22", "shaped 1 32"]);
  });

  it("is what the address says", () => {
    expect(chosen("left=shaped&right=grpo&seed=1&right_seed=0")).toEqual(["shaped 1 32", "grpo 0 21"]);
    expect(chosen("right=none")).toEqual(["grpo 0 21", null]);
  });

  it("is never what the sweep does not have", () => {
    expect(chosen("left=base&right=nobody&seed=99&right_seed=x")).toEqual(["grpo 0 21", "shaped 0 31"]);
  });

  it("begins with a seed that has something to show", () => {
    const runs = RUNS.map((one) => (one.seed === 0 ? { ...one, step: 0 } : one));
    expect(chosen("", runs)).toEqual(["grpo 1 22", "shaped 1 32"]);
  });

  it("stays what it was when the tab was opened, whichever run begins later", () => {
    const opened = RUNS.map((one) => (one.arm === "grpo" ? one : { ...one, step: 0 }));
    const later = RUNS.map((one) => ({ ...one, step: 10 }));
    const names = (runs: typeof RUNS) => {
      const { left, right } = choose(new URLSearchParams(), SWEEP, runs, opened);
      return [left?.arm.name, right?.arm.name];
    };
    expect(names(opened)).toEqual(["grpo", "bonus"]);
    expect(names(later)).toEqual(["grpo", "bonus"]);
  });

  it("is one run where no other is trained", () => {
    const sweep = { ...SWEEP, arms_list: [arm("base"), arm("grpo")] };
    expect(choose(new URLSearchParams(), sweep, RUNS).right).toBeNull();
    expect(choose(new URLSearchParams(), { ...sweep, arms_list: [arm("base")] }, RUNS)).toEqual({ left: null, right: null });
  });
});

describe("the step", () => {
  const at = (left: number, right: number) =>
    lastShared([1, 5, 10], choose(new URLSearchParams(), SWEEP, [run(21, "grpo", 0, { step: left }), run(31, "shaped", 0, { step: right })]));

  it("is the last kept one that both runs have reached", () => {
    expect([at(10, 10), at(10, 7), at(4, 10), at(1, 1)]).toEqual([10, 5, 1, 1]);
  });

  it("is the last of the one that has any, where the other has none", () => {
    expect([at(7, 0), at(0, 0)]).toEqual([5, null]);
  });
});

describe("the problems", () => {
  it("are those of both runs first, then those of one", () => {
    const choice = choose(new URLSearchParams(), SWEEP, RUNS);
    const index = indexAt(10);
    const other = { ...index, runs: index.runs.map((one) => (one.run_id === 31 ? { ...one, groups: one.groups.slice(1) } : one)) };
    const found = problemsOf({ left: index, right: other }, choice);
    expect(found.map(({ problem, left, right }) => [problem, left?.correct, right?.correct])).toEqual([
      ["9 9 -> 0", 1, 1],
      ["3 4 -> 7", 1, undefined],
    ]);
  });
});

describe("the problem to begin with", () => {
  const tally = (correct: number) => ({ completions: 8, correct });
  const problem = (key: string, left: number, right: number | null) => ({ key, problem: key, left: tally(left), right: right === null ? null : tally(right) });

  it("is one of both runs that is solved at times", () => {
    expect(firstProblem([problem("a", 0, 8), problem("b", 0, 3), problem("c", 4, null)])?.key).toBe("b");
  });

  it("is the first where there is none such", () => {
    expect(firstProblem([problem("a", 0, 8), problem("c", 4, null)])?.key).toBe("a");
    expect(firstProblem([])).toBeUndefined();
  });
});

describe("stepping through a list", () => {
  it("ends at its ends", () => {
    expect([neighbour([1, 5, 10], 5, 1), neighbour([1, 5, 10], 10, 1), neighbour([1, 5, 10], 1, -1), neighbour([1], 7, 1)]).toEqual([
      10,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("a completion in the address", () => {
  it("is a side and a number", () => {
    expect([readPlace("l3"), readPlace("r12"), readPlace("x1"), readPlace("l"), readPlace(null)]).toEqual([
      { side: "left", index: 3 },
      { side: "right", index: 12 },
      null,
      null,
      null,
    ]);
  });
});
