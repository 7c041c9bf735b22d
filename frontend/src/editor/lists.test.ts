import { describe, expect, it } from "vitest";

import { parseSweep } from "./document";
import { readList, readNumbers, writeList } from "./lists";
import { spread } from "./ranges";

const TEXT = `# what it asks
name: countdown alpha x kappa
model: countdown-tiny            # a preset
train: {learning_rate: [3.0e-4, 1e-3]}
seeds: [0, 1, 2]  # three
arms:
  - name: shaped
    method: entropy_shaped
    alpha: 0.4
    kappa:
      - 1.5   # mild
      - 2     # the paper's
      - 4
`;
const KAPPA = ["arms", 0, "kappa"];

describe("a list of the YAML", () => {
  it("shows each value as it is written", () => {
    const { doc } = parseSweep(TEXT);
    expect(readList(doc, ["train", "learning_rate"])).toEqual({ items: ["3.0e-4", "1e-3"], editable: true });
    expect(readList(doc, KAPPA).items).toEqual(["1.5", "2", "4"]);
    expect(readList(doc, ["arms", 0, "alpha"]).items).toEqual(["0.4"]);
    expect(readList(doc, ["arms", 0, "beta"])).toEqual({ items: [], editable: true });
  });

  it("is left to the YAML when it holds more than values", () => {
    expect(readList(parseSweep("seeds: [[1], 2]\n").doc, ["seeds"]).editable).toBe(false);
  });

  it("changes on its line, and nothing else does", () => {
    expect(writeList(TEXT, ["seeds"], ["0", "1"])).toBe(TEXT.replace("[0, 1, 2]", "[0, 1]"));
    expect(writeList(TEXT, ["train", "learning_rate"], ["3.0e-4", "2e-3"])).toBe(TEXT.replace("1e-3", "2e-3"));
  });

  it("grows from a single value", () => {
    expect(writeList(TEXT, ["arms", 0, "alpha"], ["0.4", "0.8"])).toBe(TEXT.replace("alpha: 0.4", "alpha: [0.4, 0.8]"));
  });

  it("keeps the lines and comments of the values that stay", () => {
    expect(writeList(TEXT, KAPPA, ["1.5", "4"])).toBe(TEXT.replace("      - 2     # the paper's\n", ""));
    expect(writeList(TEXT, KAPPA, ["1.5", "2", "4", "8"])).toBe(`${TEXT}      - 8\n`);
    expect(writeList(TEXT, KAPPA, ["2", "8"])).toBe(TEXT.replace("      - 1.5   # mild\n", "").replace("- 4", "- 8"));
  });

  it("adds a line where the text ends without one", () => {
    expect(writeList("seeds:\n- 1", ["seeds"], ["1", "2"])).toBe("seeds:\n- 1\n- 2");
  });

  it("is written where it was missing, and where all of it is new", () => {
    expect(parseSweep(writeList(TEXT, ["arms", 0, "beta"], ["1e-3"])).doc.getIn(["arms", 0, "beta", 0])).toBe(0.001);
    expect(writeList(TEXT, ["arms", 0, "beta"], ["1e-3"])).toContain("beta: [1e-3]");
    expect(parseSweep(writeList(TEXT, KAPPA, ["8", "16"])).spec?.arms).toMatchObject([{ kappa: [8, 16] }]);
  });

  it("can be emptied, for the API to say that a value is missing", () => {
    expect(parseSweep(writeList(TEXT, KAPPA, [])).spec?.arms).toMatchObject([{ kappa: [] }]);
  });
});

describe("what is typed or pasted", () => {
  it("is numbers, however they are set apart", () => {
    expect(readNumbers("0.1, 0.4;1e-3\n.5")).toEqual({ items: ["0.1", "0.4", "1e-3", "0.5"], wrong: [] });
  });

  it("names the words that are no numbers", () => {
    expect(readNumbers("0.1, x 1e 0x10 Infinity")).toEqual({ items: ["0.1"], wrong: ["x", "1e", "0x10", "Infinity"] });
  });
});

describe("a range", () => {
  const values = (spacing: "linear" | "log", from: string, to: string, many: string, whole = false) => spread({ spacing, from, to, many }, whole);

  it("goes by equal steps", () => {
    expect(values("linear", "0", "1", "5")).toEqual({ items: ["0", "0.25", "0.5", "0.75", "1"] });
  });

  it("goes by equal factors, and keeps its ends", () => {
    expect(values("log", "0.001", "1", "4")).toEqual({ items: ["0.001", "0.01", "0.1", "1"] });
    expect(values("log", "1", "12345", "2")).toEqual({ items: ["1", "12345"] });
  });

  it("rounds as a person would write", () => {
    expect(values("linear", "0", "1", "4")).toEqual({ items: ["0", "0.333", "0.667", "1"] });
  });

  it("goes down as well, and of whole numbers takes each once", () => {
    expect(values("linear", "3", "0", "4", true)).toEqual({ items: ["3", "2", "1", "0"] });
    expect(values("linear", "0", "2", "9", true)).toEqual({ items: ["0", "1", "2"] });
  });

  it.each([
    ["", "1", "3", /both ends/],
    ["1", "1", "3", /the same/],
    ["0", "1", "3", /above zero/],
    ["1", "2", "1", /from 2 to 100/],
    ["1", "2", "2.5", /whole number/],
  ])("refuses %s to %s in %s", (from, to, many, words) => {
    expect(values("log", from, to, many)).toHaveProperty("mistake", expect.stringMatching(words));
  });
});
