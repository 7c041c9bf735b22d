import { describe, expect, it } from "vitest";

import { figure, gap, inquiry } from "./samples";
import { figureWords, inquiryWords, measureWords, progressWords, seedsWords, short, signedShort, verdict } from "./words";

describe("figures in words", () => {
  it("have as many decimals as their interval deserves", () => {
    expect(figureWords(figure(0.31234, 0.0456))).toBe("0.312 (0.267 – 0.358)");
    expect(figureWords(figure(112.345, 3.2))).toBe("112 (109 – 116)");
    expect(figureWords(figure(0.3, null))).toBe("0.3");
    expect(figureWords(figure(null))).toBe("none");
  });

  it("know what rounding leaves of nothing", () => {
    expect(short(-1.01e-13)).toBe("0");
    expect(signedShort(1e-13)).toBe("0");
    expect(signedShort(0.25)).toBe("+0.25");
  });
});

describe("a figure", () => {
  it("says what it tells of words and of sentences", () => {
    const [all, causal, rare] = [
      { name: "all", of: "words" as const, title: "all pivotal words", id: "all" },
      { name: "causal", of: "words" as const, title: "causal", id: "causal" },
      { name: "rare", of: "sentences" as const, title: "rare sentences", id: "rare sentences" },
    ];
    expect(measureWords("mean", all)).toBe("How undecided the model is where a listed word begins: the mean entropy of the next token, nats.");
    expect(measureWords("gap", rare)).toMatch(/^How much more undecided the model is where a rare sentence stands than elsewhere/);
    expect(measureWords("per_thousand", causal)).toBe("How often a word listed as “causal” begins, per 1,000 tokens.");
  });
});

describe("a null", () => {
  it("is said to be one, and not enough is said to be not enough", () => {
    expect(verdict(gap("all", 0.2, 0.01))).toBe("higher");
    expect(verdict(gap("all", -0.2, 0.01))).toBe("lower");
    expect(verdict(gap("all", 0.2, 0.2))).toBe("no difference established");
    expect(verdict(gap("all", null, null))).toMatch(/^in 2 problems/);
  });
});

describe("what was asked", () => {
  it("is said in a line, with what was left out", () => {
    expect(inquiryWords(inquiry() as never).join(", ")).toContain("4 traces of each of 16 problems, evaluation split, temperature 1, words of english-1");
    const { settings } = inquiry();
    expect(inquiryWords(inquiry({ settings: { ...settings, rare: null, collapse: null } }) as never).slice(-2)).toEqual(["sentences not compared", "no trace scored"]);
  });

  it("is counted by how far it is", () => {
    expect(progressWords(inquiry({ analyses: { succeeded: 2, queued: 3, failed: 1 } }) as never)).toBe("2 of 6 analyses done, 3 queued, 1 failed");
  });

  it("says what noise is in the intervals", () => {
    expect(seedsWords([0], "problems")).toBe("1 seed: training noise not included");
    expect(seedsWords([0, 1], "seeds and problems")).toBe("2 seeds, over seeds and problems");
    expect(seedsWords([], "problems")).toBe("no training");
  });
});
