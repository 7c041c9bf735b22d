import { describe, expect, it } from "vitest";

import { toCsv } from "../text/csv";
import { csvRows, writeJson } from "./exports";
import { arm, group, rollout } from "./samples";
import { flatWords, groupWords, noneWords, tokenFacts } from "./words";

describe("a group", () => {
  it("is summed up", () => {
    expect(groupWords(group({ mean_tokens: 17.6, mean_entropy: 0.3902 }))).toEqual(["1 of 2 correct", "mean length 18 tokens", "mean entropy 0.39 nats"]);
  });

  it("of a diverged run has no mean entropy", () => {
    expect(groupWords(group({ mean_entropy: null }))[2]).toBe("entropy is not a number");
  });
});

describe("a group without advantages", () => {
  const flat = (changes: object, name: Parameters<typeof arm>[0] = "shaped", train: object = { completions_per_prompt: 8 }) =>
    flatWords(group({ flat: true, completions: 8, ...changes }), arm(name, { train } as never));

  it("teaches nothing", () => {
    expect(flat({ correct: 0 })).toBe("All eight are wrong: no advantage, nothing is learned here.");
    expect(flat({ correct: 8 })).toBe("All eight are right: no advantage, nothing is learned here.");
    expect(flat({ correct: 16, completions: 16 }, "grpo")).toBe("All 16 are right: no advantage, nothing is learned here.");
  });

  it("teaches what else the loss has", () => {
    expect(flat({ correct: 0 }, "bonus")).toBe("All eight are wrong: no advantage, only the entropy bonus acts here.");
    expect(flat({ correct: 0 }, "grpo", { completions_per_prompt: 8, kl_coef: 0.1 })).toMatch(/only the penalty on leaving the reference model acts here/);
  });

  it("may be a part of one", () => {
    expect(flat({ correct: 0, completions: 4 })).toBe("All four kept here are wrong: no advantage, nothing is learned here.");
    expect(flat({ correct: 3 })).toBe("None of them has an advantage: nothing is learned here.");
  });

  it("is not said of one with advantages", () => {
    expect(flatWords(group(), arm("shaped"))).toBeNull();
  });
});

describe("an empty list", () => {
  it("says what was asked for", () => {
    expect(noneWords({ only: "wrong", search: "" }, "completion")).toBe("No completion of this problem is wrong.");
    expect(noneWords({ only: "correct", search: "x" }, "completion")).toBe("No correct completion of this problem says “x”.");
  });
});

describe("the values of a token", () => {
  const one = rollout(3, ["so", "\n"], { entropies: [1.2345678, null], advantages: [-0.8, 0], psi: [0.4, 0] });

  it("are told exactly, with psi's place below its cap", () => {
    expect(tokenFacts(one, 0, 2)).toEqual({
      place: "token 1 of 2",
      token: "so",
      mark: null,
      entropy: "1.235 nats",
      advantage: "−0.8",
      psi: "0.4",
      cap: "at its cap |A|/κ = 0.4",
    });
    expect(tokenFacts({ ...one, psi: [0.2, 0] }, 0, 2).cap).toBe("25.0\u00a0% of |A|, cap |A|/κ = 0.4");
  });

  it("are words where there is no number, and psi is none where nothing is shaped", () => {
    expect(tokenFacts(one, 1, null)).toMatchObject({ token: "\\n", entropy: "not a number", advantage: "0", psi: "—", cap: null });
  });
});

describe("files of what is shown", () => {
  const side = {
    arm: arm("shaped"),
    seed: 0,
    run: 31,
    rollouts: [rollout(3, [' "=1', "\n"], { psi: [0.5, 0.1], entropies: [0.25, null], problem: "=cmd()" })],
  };

  it("have a row for each token, which no program takes for a formula", () => {
    const [header, first, second] = toCsv(csvRows([side])).split("\n");
    expect(header).toBe("arm,seed,run,step,problem,completion,correct,reward,position,token,entropy,advantage,psi,at_cap");
    expect(first).toBe('shaped,0,31,10,"""=cmd()""",3,true,1,0,""" \\""=1""",0.25,1,0.5,true');
    expect(second).toBe('shaped,0,31,10,"""=cmd()""",3,true,1,1,"""\\n""",,1,0.1,false');
  });

  it("or all the API says of each completion", () => {
    expect(JSON.parse(writeJson([side]))).toEqual([{ arm: "shaped", seed: 0, run: 31, rollouts: side.rollouts }]);
  });
});
