import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { useBehaviour } from "../api/behaviours";
import { network } from "../standins";
import { Bonuses } from "./Bonuses";
import { figure, SWEEP } from "./samples";
import { serve, served, show } from "./stage";

// jsdom draws nothing and measures nothing, of which charts complain.
HTMLCanvasElement.prototype.getContext = () => null;
vi.spyOn(console, "warn").mockImplementation(() => undefined);

beforeEach(serve);

describe("where the bonus goes", () => {
  it("keeps in the address which kinds of tokens are hidden", async () => {
    const points = [1, 2].map((step) => ({ step, seeds: 2, tokens: 40, share: figure(0.2), capped: figure(0.1), entropy: figure(1) }));
    const kinds = [{ name: "causal", of: "words", points }, { name: "rest", of: "rest", points }];
    served["kinds"] = [200, { arm: "shaped", lexicon: "english-1", kappa: 2, seeds: [0, 1], kinds }];
    const { address } = show(<Bonuses sweep={SWEEP} />, "hide-kinds=causal");
    const rest = await screen.findByRole("button", { name: "tokens of no listed word" });
    expect(screen.getByRole("button", { name: "causal" })).toHaveAttribute("aria-pressed", "false");
    await userEvent.click(rest);
    expect(rest).toHaveAttribute("aria-pressed", "false");
    expect(address().get("hide-kinds")).toBe("causal~tokens of no listed word");
  });
});

function Holding() {
  const [held, hold] = useState<string | null>(null);
  const { data, isPlaceholderData } = useBehaviour(7, held);
  return <button onClick={() => hold(data?.inquiry ?? null)}>{data && (held && !isPlaceholderData ? "held" : "hold")}</button>;
}

describe("the figures of the latest analyses", () => {
  it("are not sent again to who holds on to them", async () => {
    show(<Holding />);
    await userEvent.click(await screen.findByRole("button", { name: "hold" }));
    expect(await screen.findByRole("button", { name: "held" })).toBeVisible();
    expect(network).toHaveBeenCalledTimes(1);
  });
});
