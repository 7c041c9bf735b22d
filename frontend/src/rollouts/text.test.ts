import { describe, expect, it } from "vitest";

import { cut, findAll, isSpecial, quote, reveal } from "./text";

describe("searching a completion", () => {
  it("finds every place in any case, across tokens", () => {
    const tokens = ["The", "re", "fore the", "re"];
    const hits = findAll(tokens.join(""), "THERE");
    expect(hits).toEqual([
      { begin: 0, end: 5 },
      { begin: 10, end: 15 },
    ]);
    expect(cut(tokens, hits)).toEqual([
      [{ text: "The", hit: true }],
      [{ text: "re", hit: true }],
      [
        { text: "fore ", hit: false },
        { text: "the", hit: true },
      ],
      [{ text: "re", hit: true }],
    ]);
  });

  it("marks several places in one token", () => {
    expect(cut(["a1a"], findAll("a1a", "a"))).toEqual([
      [
        { text: "a", hit: true },
        { text: "1", hit: false },
        { text: "a", hit: true },
      ],
    ]);
  });

  it("keeps every token, also one that adds nothing to the text", () => {
    expect(cut(["", "🙂", "b"], findAll("🙂b", "b"))).toEqual([[], [{ text: "🙂", hit: false }], [{ text: "b", hit: true }]]);
  });

  it("finds nothing where nothing is searched for, or letters change their number", () => {
    expect(findAll("abc", "")).toEqual([]);
    expect(findAll("İİ abc", "abc")).toEqual([]);
  });

  it("takes what is searched for as it is written", () => {
    expect(findAll("a.c abc", "a.c")).toHaveLength(1);
    expect(findAll("1*2=2", "*")).toHaveLength(1);
  });
});

describe("what would not be seen", () => {
  const marks = (text: string) => reveal(text).map(({ text, mark }) => [text, mark]);

  it("is named: line ends, tabs, control characters", () => {
    expect(marks("a\n\tb\x1b")).toEqual([
      ["a", null],
      ["\n", "newline"],
      ["\t", "tab"],
      ["b", null],
      ["\u241b", "control"],
    ]);
  });

  it("turns no text around and hides none", () => {
    expect(marks("a\u202eb\u200bc\u{e0041}")).toEqual([
      ["a", null],
      ["U+202E", "control"],
      ["b", null],
      ["U+200B", "control"],
      ["c", null],
      ["U+E0041", "control"],
    ]);
    expect(marks("\u00a0")).toEqual([["U+00A0", "control"]]);
  });

  it("leaves letters, emoji and their joiners alone", () => {
    for (const text of ["naïve 漢字 שלום", "👩\u200d👩", "می\u200cخواهم", "a b"]) expect(marks(text)).toEqual([[text, null]]);
  });

  it("has a name in a sentence", () => {
    expect([" +", "\n", "", "a\x00"].map(quote)).toEqual(["␣+", "\\n", "part of the next character", "a\u2400"]);
  });
});

describe("a tokenizer's own tokens", () => {
  it("are known by how they are written", () => {
    expect(["<|im_end|>", "<eos>", " <eos>", "</s>", "[PAD]"].every(isSpecial)).toBe(true);
    expect(["<", "<b onclick=x>", "a<eos>", "[1]", "<EOS >", "eos"].some(isSpecial)).toBe(false);
  });
});
