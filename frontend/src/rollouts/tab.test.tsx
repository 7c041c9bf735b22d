import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { network, reply } from "../standins";
import { group, PROBLEMS } from "./samples";
import { addresses, answer, column, completion, serve, show } from "./stage";

beforeEach(serve);

describe("two runs side by side", () => {
  it("are the baseline and another arm, at the last step, on a problem that both have", async () => {
    show();
    const left = await column("grpo, seed 0");
    const right = await column("shaped, seed 0");
    expect(await within(left).findByRole("listitem", { name: "completion 0, correct, 4 tokens" })).toHaveTextContent("3 + 4<eos>");
    expect(await within(right).findByRole("listitem", { name: "completion 5, wrong, 1 token" })).toHaveTextContent("eight");
    expect(screen.getByRole("combobox", { name: "Step" })).toHaveValue("10");
    expect(left).toHaveTextContent("1 of 2 correct");
    const asked = addresses().find(({ pathname }) => pathname === "/api/runs/21/rollouts");
    expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({ step: "10", problem: PROBLEMS[0]?.key });
  });

  it("say of each arm how it did on the problem", async () => {
    show();
    const arms = await screen.findByRole("combobox", { name: "Arm, right" });
    await waitFor(() => expect(within(arms).getByRole("option", { name: "grpo, baseline (1 of 2)" })).toBeInTheDocument());
    expect(within(arms).queryByRole("option", { name: /base$/ })).toBeNull();
  });

  it("become one where one is enough, and two again", async () => {
    const { address } = show();
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Arm, right" }), "none");
    expect(address().get("right")).toBe("none");
    expect(screen.queryByRole("region", { name: "shaped, seed 0" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Compare with another" }));
    expect(await column("shaped, seed 0")).toBeInTheDocument();
  });

  it("of two seeds have no problem in common, and one press mends that", async () => {
    const { address } = show("seed=0&right_seed=1");
    const right = await column("shaped, seed 1");
    await userEvent.click(await within(right).findByRole("button", { name: "Seed 0 on both sides" }));
    expect(address().get("right_seed")).toBeNull();
    expect(await column("shaped, seed 0")).toBeInTheDocument();
  });

  it("say when nothing is learned", async () => {
    network.mockImplementation(async (request) => {
      const body = answer(request);
      return reply("groups" in body ? { ...body, groups: [group({ flat: true, correct: 0 })] } : body);
    });
    show();
    expect(await within(await column("grpo, seed 0")).findByText("Both are wrong: no advantage, nothing is learned here.")).toBeInTheDocument();
  });
});

describe("the keyboard", () => {
  it("goes from completion to completion, token by token, and says the values", async () => {
    const { address } = show();
    await userEvent.click(await completion(/^completion 0,/));
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    const said = () => screen.getByRole("status");
    expect(said()).toHaveTextContent("␣+; token 2 of 4; entropy 1.5 nats; advantage +1.5");
    expect(document.querySelector("[data-at]")).toHaveTextContent("+");
    await userEvent.keyboard("{End}");
    expect(said()).toHaveTextContent("<eos>; token 4 of 4");
    await userEvent.keyboard("j");
    expect(await completion(/^completion 1,/)).toHaveFocus();
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    expect(said()).toHaveTextContent("\\n; token 2 of 3");
    await userEvent.keyboard("j");
    expect(await completion(/^completion 1,/)).toHaveFocus();
    await userEvent.keyboard("k");
    expect(await completion(/^completion 0,/)).toHaveFocus();
    await waitFor(() => expect(address().get("at")).toBe("l0"));
  });

  it("reaches each column with one press of Tab", async () => {
    show();
    const first = await completion(/^completion 0,/);
    await completion(/^completion 4,/);
    expect(screen.getAllByRole("listitem").filter((item) => item.tabIndex === 0).map((item) => item.getAttribute("aria-label"))).toEqual([
      "completion 0, correct, 4 tokens",
      "completion 4, correct, 1 token",
    ]);
    first.focus();
    await userEvent.keyboard("j");
    expect(first).toHaveAttribute("tabindex", "-1");
  });

  it("steps through steps and problems, and keeps the focus", async () => {
    const { address } = show();
    await userEvent.click(await completion(/^completion 0,/));
    await userEvent.keyboard("[[");
    await waitFor(() => expect(address().get("step")).toBe("5"));
    await userEvent.keyboard("]");
    expect(address().get("step")).toBe("10");
    await userEvent.keyboard("]");
    expect(address().get("step")).toBe("10");
    await waitFor(() => expect(screen.getByRole("combobox", { name: "Problem" })).toHaveValue(PROBLEMS[0]?.key));
    await userEvent.keyboard("n");
    expect(address().get("problem")).toBe(PROBLEMS[1]?.key);
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-place", "0"));
  });

  it("works on a page just opened, where nothing has the focus", async () => {
    const { address } = show();
    await completion(/^completion 0,/);
    expect(document.body).toHaveFocus();
    await userEvent.keyboard("{Control>}n{/Control}");
    expect(address().get("problem")).toBeNull();
    await userEvent.keyboard("n");
    expect(address().get("problem")).toBe(PROBLEMS[1]?.key);
    await userEvent.keyboard("p");
    await waitFor(() => expect(address().get("problem")).not.toBe(PROBLEMS[1]?.key));
    await userEvent.keyboard("j");
    await waitFor(() => expect(document.activeElement).toHaveAttribute("data-place", "0"));
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard("/");
    expect(screen.getByRole("searchbox")).toHaveFocus();
  });

  it("leaves letters to a dialog that is open", async () => {
    const { address } = show();
    await completion(/^completion 0,/);
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.open = true;
    await userEvent.keyboard("n");
    expect(address().get("problem")).toBeNull();
    dialog.remove();
  });

  it("leaves letters alone where something is written", async () => {
    const { address } = show();
    await userEvent.click(await completion(/^completion 0,/));
    await userEvent.keyboard("/");
    const field = screen.getByRole("searchbox");
    expect(field).toHaveFocus();
    await userEvent.keyboard("jkn/]");
    expect(field).toHaveValue("jkn/]");
    expect(address().get("step")).toBeNull();
  });
});
