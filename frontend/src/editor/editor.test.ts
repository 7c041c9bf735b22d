import { describe, expect, it } from "vitest";

import { fieldPath, lineOf, locate, parseSweep, writeSpec } from "./document";
import { addArm, ARM_METHODS, readArms, removeArm, removeSetting } from "./arms";
import { parseNumbers, readField, writeField } from "./fields";

const TEXT = `name: countdown alpha x kappa
model: countdown-tiny            # a preset
train: {steps: 100, learning_rate: 3.0e-4}
seeds: [0, 1, 2]
baseline: grpo
arms:
  - {name: grpo, method: grpo}
  - name: shaped
    method: entropy_shaped
    alpha: [0.1, 0.4]
    kappa:
      - 0.5
      - 2
  - {name: forking, method: forking_tokens}
`;

function method(id: string) {
  return ARM_METHODS.find((one) => one.id === id)!;
}

describe("the form's view of the YAML", () => {
  it("shows numbers as they are written", () => {
    const { doc } = parseSweep(TEXT);
    expect(readField(doc, ["train", "learning_rate"])).toEqual({ text: "3.0e-4", editable: true });
    expect(readField(doc, ["arms", 1, "kappa"]).text).toBe("0.5, 2");
  });

  it("can add a field whose section is missing", () => {
    expect(readField(parseSweep(TEXT).doc, ["eval", "samples"])).toEqual({ text: "", editable: true });
    expect(parseSweep(writeField(TEXT, ["eval", "samples"], 64)).spec?.eval.samples).toBe(64);
  });

  it("edits one place and keeps comments and the rest", () => {
    const edited = writeField(TEXT, ["train", "steps"], 250);
    expect(edited).toBe(TEXT.replace("steps: 100", "steps: 250"));
    expect(writeField(TEXT, ["train", "learning_rate"], 0.001)).toContain("learning_rate: 0.001");
  });

  it("writes lists on one line", () => {
    expect(writeField(TEXT, ["seeds"], [3, 4])).toContain("seeds: [3, 4]\n");
  });

  it("adds an arm of a method, and removes one", () => {
    const added = addArm(TEXT, method("entropy_bonus"));
    expect(added).toContain("- {name: entropy-bonus, method: entropy_bonus, beta: [0.001]}");
    expect(parseSweep(removeArm(added, 3)).spec).toEqual(parseSweep(TEXT).spec);
    expect(parseSweep(addArm("name: x\n", method("grpo"))).spec?.arms).toEqual([{ name: "grpo", method: "grpo" }]);
  });

  it("gives a further arm of a method a name that is free", () => {
    const names = readArms(parseSweep(addArm(addArm(TEXT, method("grpo")), method("grpo"))).doc).map(({ name }) => name);
    expect(names).toEqual(["grpo", "shaped", "forking", "grpo-2", "grpo-3"]);
  });

  it("knows what each arm sets, shown in the form or not", () => {
    const text = TEXT.replace("alpha: [0.1, 0.4]", "form: symmetric\n    train: {clip_high: [0.2, 0.28]}");
    const [grpo, shaped] = readArms(parseSweep(text.replace("method: grpo", "method: new")).doc);
    expect(grpo).toMatchObject({ name: "grpo", method: undefined, others: [] });
    expect(shaped).toMatchObject({ name: "shaped", train: ["clip_high"], others: ["form"] });
  });

  it("takes a setting out, and the section that is empty then", () => {
    const text = "arms:\n  - {name: g, method: grpo, train: {steps: 5}}\n";
    expect(removeSetting(text, ["arms", 0, "train", "steps"])).toBe("arms:\n  - {name: g, method: grpo}\n");
  });

  it("leaves a half-written list to its writer", () => {
    expect(parseNumbers("0.1, 0.4,")).toEqual({ value: [0.1, 0.4] });
    expect(parseNumbers("0.1, x")).toHaveProperty("mistake");
    expect(parseNumbers(" ")).toHaveProperty("mistake");
  });
});

describe("an error's place in the YAML", () => {
  it("reads the API's field names", () => {
    expect(fieldPath("arms[3].kappa[0]")).toEqual(["arms", 3, "kappa", 0]);
    expect(fieldPath("train.steps")).toEqual(["train", "steps"]);
  });

  it("is the line of the field", () => {
    const text = parseSweep(TEXT);
    expect(lineOf(text, "arms[1].kappa[0]")).toBe(12);
    expect(lineOf(text, "arms[1].alpha[1]")).toBe(10);
    expect(lineOf(text, "train.learning_rate")).toBe(3);
    expect(lineOf(text, "baseline")).toBe(5);
  });

  it("is the nearest line around a field that is not written", () => {
    const text = parseSweep(TEXT);
    expect(lineOf(text, "arms[2].rho[0]")).toBe(14);
    expect(lineOf(text, "task")).toBe(1);
    expect(locate(text, [{ field: "seeds[7]", message: "no" }])).toEqual([{ field: "seeds[7]", message: "no", line: 4 }]);
  });

  it("is the line of a syntax error", () => {
    const text = parseSweep("name: x\nseeds: [0, 1\narms: []\n");
    expect(text.spec).toBeNull();
    expect(text.problems[0]?.line).toBeGreaterThan(1);
  });

  it("is one for text that is not YAML, however many errors follow from it", () => {
    const text = parseSweep("name x\nseeds: [0]\ntrain: {steps: 1\narms: []\n");
    expect([text.isYaml, text.problems.length]).toEqual([false, 1]);
  });

  it("is the API's where that cannot read the text", () => {
    const place = { field: "line 2, column 1", message: "no colon" };
    expect(locate(parseSweep("name: x\nseeds\n"), [place])).toEqual([{ field: null, message: "no colon", line: 2 }]);
  });

  it("refuses text that is not a mapping", () => {
    expect(parseSweep("just words").problems[0]?.message).toMatch(/mapping/);
  });
});

describe("a stored sweep as YAML", () => {
  it("leaves out what is empty and begins with the name", () => {
    const spec = { arms: [{ zip: [], method: "grpo", name: "g", train: {} }], train: { steps: 5 }, question: "", name: "x" };
    const text = writeSpec(spec);
    expect(text).toBe("name: x\ntrain: {steps: 5}\narms:\n  - {name: g, method: grpo}\n");
  });
});
