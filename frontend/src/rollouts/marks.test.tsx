import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { network, reply } from "../standins";
import { markClasses, markWords, readMarks, writeMarks } from "./marks";
import { pageOf, rollout } from "./samples";
import { answer, completion, serve, show } from "./stage";

const CATEGORIES = ["causal", "operators"];
const TOKENS = ["There", "fore", " 3", " +", " 4", "."];
const marked = {
  tokens: TOKENS,
  words: [[0, 1, "causal"], [3, 3, "operators"]] as [number, number, string][],
  reflective: [[2, 5]] as [number, number][],
  rare: [[2, 5]] as [number, number][],
};

describe("marks", () => {
  it("are classes of every token of a word and of a sentence", () => {
    expect(markClasses(marked, CATEGORIES)).toEqual([
      "w w1",
      "w w1",
      "refl refl-first rare rare-first",
      "w w2 refl rare",
      "refl rare",
      "refl rare",
    ]);
  });

  it("are told in words of the token that is pointed at", () => {
    expect(markWords(marked, 0)).toBe("causal word");
    expect(markWords(marked, 1)).toBe("causal word, not its first token");
    expect(markWords(marked, 3)).toBe("operators word, in a reflective and rare sentence");
    expect(markWords({ ...marked, reflective: [], rare: [] }, 2)).toBeNull();
  });

  it("are in the address where they are not all shown", () => {
    expect([...readMarks(null)]).toEqual(["words", "sentences"]);
    expect([...readMarks("sentences")]).toEqual(["sentences"]);
    expect([...readMarks("none")]).toEqual([]);
    expect(writeMarks(new Set(["words", "sentences"]))).toBeNull();
    expect(writeMarks(new Set(["words"]))).toBe("words");
    expect(writeMarks(new Set())).toBe("none");
  });
});

describe("the Rollouts tab", () => {
  beforeEach(() => {
    serve();
    const one = rollout(0, TOKENS, { words: marked.words, reflective: marked.reflective });
    network.mockImplementation(async (request) => {
      const body = answer(request);
      return reply("groups" in body ? pageOf(21, [one], { categories: CATEGORIES }) : body);
    });
  });

  it("marks words and sentences, explains what is there, and can be told not to", async () => {
    const { address } = show("right=none");
    const text = (await completion(/^completion 0,/)).querySelector("[data-marks]") ?? document.querySelector("[data-marks]");
    expect(text).toHaveAttribute("data-marks", "words sentences");
    expect(document.querySelector('[data-t="3"]')).toHaveClass("w", "w2", "refl");
    expect(screen.getByText("reflective")).toBeInTheDocument();
    expect(screen.queryByText(/^rare/)).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "pivotal words" }));
    expect(text).toHaveAttribute("data-marks", "sentences");
    expect(screen.queryByText("causal")).toBeNull();
    expect(address().get("marks")).toBe("sentences");
  });
});
