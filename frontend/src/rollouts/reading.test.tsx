import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { arm, rollout, run, RUNS, SWEEP } from "./samples";
import { addresses, column, completion, LEFT, RIGHT, serve, served, show } from "./stage";

beforeEach(serve);

describe("reading", () => {
  it("marks what is searched for, and lists only what says it", async () => {
    show("find=ID");
    const found = await completion(/^completion 1,/);
    expect(found.querySelector("mark")).toHaveTextContent(/^id$/);
    await waitFor(() => expect(screen.queryByRole("listitem", { name: /^completion 0,/ })).toBeNull());
    expect(within(await column("shaped, seed 0")).getByText("No completion of this problem says “ID”.")).toBeInTheDocument();
  });

  it("shows the correct or the wrong ones", async () => {
    const { address } = show();
    await userEvent.click(await screen.findByRole("button", { name: "wrong" }));
    await waitFor(() => expect(screen.queryByRole("listitem", { name: /^completion 0,/ })).toBeNull());
    expect(address().get("only")).toBe("wrong");
    expect(await completion(/^completion 1,/)).toHaveTextContent("✗ wrong");
  });

  it("shades by another measure without drawing a token anew", async () => {
    show();
    const token = (await completion(/^completion 0,/)).querySelector('[data-t="1"]');
    expect(token).toHaveClass("e4", "a3");
    await userEvent.click(screen.getByRole("button", { name: "Advantage" }));
    expect(token?.closest("[data-shade]")).toHaveAttribute("data-shade", "advantage");
    expect(token).toBeInTheDocument();
    expect(screen.getByRole("img", { name: /^Shades change at −2, −1, −0.5, <0, 0, >0/ })).toBeInTheDocument();
  });

  it("tells of psi's cap where an arm is shaped", async () => {
    show("shade=psi");
    expect((await completion(/^completion 4,/)).querySelector('[data-t="0"]')).toHaveClass("capped");
    expect(screen.getByText(/ψ is at its cap/)).toBeInTheDocument();
  });

  it("shows the values of the token under the pointer", async () => {
    show();
    const token = (await completion(/^completion 0,/)).querySelector('[data-t="0"]');
    await userEvent.hover(token as Element);
    expect(await screen.findByText("token 1 of 4")).toBeVisible();
    expect(screen.getByText("0.2 nats")).toBeVisible();
    expect(screen.getByRole("status")).toBeEmptyDOMElement();
  });

  it("folds what is long, and unfolds it for the keys, a press, or what is found in it", async () => {
    const long = rollout(0, Array.from({ length: 300 }, (_, at) => (at === 250 ? " needle" : ` ${at}`)));
    served.kept = { 21: [long], 31: RIGHT };
    const shown = async () => (await completion(/^completion 0,/)).querySelectorAll("[data-t]").length;
    show();
    expect(await shown()).toBe(140);
    await userEvent.click(screen.getByRole("button", { name: "Show the other 160 tokens" }));
    expect(await shown()).toBe(300);
    (await completion(/^completion 0,/)).focus();
    await userEvent.keyboard("{Enter}");
    expect(await shown()).toBe(140);
    await userEvent.keyboard("{End}");
    expect(await shown()).toBe(300);
    await userEvent.keyboard("{Home}");
    expect(await shown()).toBe(140);
    await userEvent.type(screen.getByRole("searchbox"), "needle");
    await waitFor(async () => expect(await shown()).toBe(300));
  });

  it("comes to the completion in the address", async () => {
    show("at=r5");
    expect(await completion(/^completion 5,/)).toHaveAttribute("aria-current", "true");
  });
});

describe("what a model may say", () => {
  it("is text, whatever it says", async () => {
    const hostile = ['<img src=x onerror="alert(1)">', "<script>", "</li>", "\u202egnp.exe", "\u0000", "javascript:alert(1)", "{{7*7}}"];
    served.kept = { 21: [rollout(0, hostile)], 31: RIGHT };
    show();
    const shown = await completion(/^completion 0,/);
    expect(shown.querySelectorAll("[data-t]")).toHaveLength(hostile.length);
    expect(shown.querySelector("img, script, a[href^=javascript]")).toBeNull();
    expect(shown).toHaveTextContent('<img src=x onerror="alert(1)"><script></li>U+202Egnp.exe\u2400javascript:alert(1){{7*7}}');
  });

  it("may be nothing", async () => {
    served.kept = { 21: [rollout(0, [])], 31: RIGHT };
    show();
    expect(await completion(/^completion 0,/)).toHaveTextContent("it says nothing");
  });
});

describe("where there is nothing to read", () => {
  it("says when rollouts are kept", async () => {
    served.runs = [run(21, "grpo", 0, { step: 0, status: "queued" })];
    show();
    expect(await screen.findByRole("heading", { name: "No rollouts yet" })).toBeInTheDocument();
    expect(screen.getByText(/ten evenly spaced steps/)).toBeInTheDocument();
  });

  it("says that the base model is not trained", async () => {
    served.runs = [run(1, "base", 0, { step: 0, total_steps: 0 })];
    show("", { ...SWEEP, arms_list: [arm("base")] });
    expect(await screen.findByText(/only evaluates the base model/)).toBeInTheDocument();
  });

  it("leads to what failed", async () => {
    served.runs = [run(21, "grpo", 0, { step: 0, status: "failed" })];
    show();
    expect(await screen.findByRole("link", { name: "run 21" })).toHaveAttribute("href", "/runs/21");
  });

  it("says of a run why it has none", async () => {
    show("right=bonus");
    expect(await within(await column("bonus, seed 0")).findByRole("heading", { name: "The run failed before its first step" })).toBeInTheDocument();
  });

  it("says of a run that it is not so far", async () => {
    served.kept = { 21: LEFT };
    served.runs = RUNS.map((one) => (one.id === 31 ? { ...one, step: 3, status: "running" } : one));
    show("step=10");
    expect(await within(await column("shaped, seed 0")).findByText(/This run is at step 3/)).toBeInTheDocument();
  });

  it("says of a step that it is none at which anything is kept", async () => {
    served.kept = {};
    show("step=3");
    expect(await within(await column("grpo, seed 0")).findByText("Completions are kept at steps 1, 5, 10.")).toBeInTheDocument();
  });

  it("offers a later step, and moves nothing by itself", async () => {
    served.runs = RUNS.map((one) => ({ ...one, step: Math.min(one.step, 7) }));
    const { queries } = show();
    await completion(/^completion 0,/);
    expect(screen.getByRole("combobox", { name: "Step" })).toHaveValue("5");
    served.runs = RUNS;
    await queries.invalidateQueries();
    await userEvent.click(await screen.findByRole("button", { name: "Show it" }));
    expect(screen.getByRole("combobox", { name: "Step" })).toHaveValue("10");
  });
});

describe("while runs go on", () => {
  const going = () => RUNS.map((one) => ({ ...one, step: Math.min(one.step, 7), status: "running" as const }));

  it("news take away neither focus nor token, and draw nothing anew", async () => {
    served.runs = going();
    const { queries } = show();
    const reading = await completion(/^completion 0,/);
    reading.focus();
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    const token = reading.querySelector("[data-at]");
    served.runs = RUNS;
    await queries.invalidateQueries();
    expect(await screen.findByText(/Step 10 is there now/)).toBeInTheDocument();
    expect(reading).toHaveFocus();
    expect(token).toBeInTheDocument();
    expect(token).toHaveAttribute("data-at");
  });

  it("asks again for a run’s newest step alone, and for all of it when it is begun anew", async () => {
    served.runs = going();
    const asked = () => addresses().filter(({ pathname }) => pathname === "/api/runs/21/rollouts").length;
    const { queries } = show("step=1");
    await completion(/^completion 0,/);
    await queries.invalidateQueries({ queryKey: ["sweep-runs"] });
    await queries.invalidateQueries({ queryKey: ["rollout-index"] });
    expect(asked()).toBe(1);
    served.runs = going().map((one) => ({ ...one, attempt: 2 }));
    await queries.invalidateQueries({ queryKey: ["sweep-runs"] });
    await waitFor(() => expect(asked()).toBe(2));
  });
});
