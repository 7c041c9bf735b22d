import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { requests, sent } from "../standins";
import { BehaviourTab } from "./BehaviourTab";
import { Differences } from "./Differences";
import { GapTable } from "./GapTable";
import { RegimeTable } from "./RegimeTable";
import { behaviour, differences, inquiry, SWEEP } from "./samples";
import { Sentences } from "./Sentences";
import { Given, PREVIEW, serve, served, show } from "./stage";

beforeEach(serve);

const tab = (address = "") => show(<BehaviourTab id={7} sweep={{ ...SWEEP, arms_list: SWEEP.arms_list.slice(0, 2) }} busy={false} />, address);
const nothing = { inquiries: [], inquiry: null, arms: [], collapses: [], remarks: [] };

describe("before anything is known", () => {
  it("says what an analysis answers, and asks for one with a preview", async () => {
    served["behaviour"] = [200, behaviour(nothing)];
    tab();
    await userEvent.click(await screen.findByRole("button", { name: "Analyse the runs…" }));
    const dialog = await screen.findByRole("dialog", { name: "Analyse behaviour" });
    expect(await within(dialog).findByText("1 min 35 s")).toBeInTheDocument();
    expect(within(dialog).getByText(/from 7 finished analyses. At most 12,000 tokens are drawn/)).toBeInTheDocument();
    expect(dialog).toHaveTextContent("2 analyses of 5 are there or on the way already");
    await userEvent.type(within(dialog).getByRole("textbox", { name: /^Problems/ }), "32");
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "grpo" }));
    await userEvent.click(within(dialog).getByRole("checkbox", { name: /compare sentences/ }));
    served["analyses"] = [201, { analyses: [], subjects: [] }];
    await userEvent.click(await within(dialog).findByRole("button", { name: "Queue 3 analyses" }));
    await waitFor(async () => expect((await sent()).at(-1)).toEqual({ path: "/api/sweeps/7/analyses", body: { steps: "last", arms: ["grpo"], probe: { problems: 32 }, rare: null } }));
  });

  it("offers the word lists that the service has, and says which sentences are rare", async () => {
    served["behaviour"] = [200, behaviour(nothing)];
    tab();
    await userEvent.click(await screen.findByRole("button", { name: "Analyse the runs…" }));
    await userEvent.selectOptions(await screen.findByLabelText("Words that count as pivotal"), await screen.findByRole("option", { name: "latin-1" }));
    await userEvent.type(screen.getByLabelText(/^Nearest sentences/), "8");
    await userEvent.type(screen.getByLabelText(/^Share that is rare/), "0.05");
    await waitFor(async () => expect((await sent()).at(-1)?.body).toEqual({ steps: "last", lexicon: "latin-1", rare: { neighbours: 8, share: 0.05 } }));
    served["preview"] = [422, { code: "invalid", message: "wrong", errors: [{ field: "rare.share", message: "should be at most 0.5" }] }];
    await userEvent.type(screen.getByLabelText(/^Share that is rare/), "5");
    expect(await screen.findByText("should be at most 0.5")).toBeVisible();
  });

  it("queues nothing that is there already, and says what is wrong where it is", async () => {
    served["behaviour"] = [200, behaviour(nothing)];
    served["preview"] = [200, { ...PREVIEW, new: 0 }];
    tab();
    await userEvent.click(await screen.findByRole("button", { name: "Analyse the runs…" }));
    expect(await screen.findByRole("button", { name: "Nothing to queue" })).toBeDisabled();
    served["preview"] = [422, { code: "invalid", message: "wrong", errors: [{ field: "probe.problems", message: "has 1024; ask for at most that many" }] }];
    await userEvent.type(screen.getByRole("textbox", { name: /^Problems/ }), "5000");
    expect(await screen.findByText("has 1024; ask for at most that many")).toBeInTheDocument();
  });

  it("queues nothing while a number cannot be read, and says so", async () => {
    served["behaviour"] = [200, behaviour(nothing)];
    tab();
    await userEvent.click(await screen.findByRole("button", { name: "Analyse the runs…" }));
    const queue = await screen.findByRole("button", { name: "Queue 3 analyses" });
    await userEvent.type(screen.getByRole("textbox", { name: /^Problems/ }), "many");
    expect(queue).toBeDisabled();
    expect(screen.getByText("1 min 35 s").closest(".preview")).toHaveClass("outdated");
    expect(screen.getByText("Mend the field that is marked to go on.")).toBeVisible();
    await userEvent.clear(screen.getByRole("textbox", { name: /^Problems/ }));
    await waitFor(() => expect(queue).toBeEnabled());
  });

  it("tells how far the analyses are while none is done", async () => {
    served["behaviour"] = [200, behaviour({ ...nothing, inquiries: [inquiry({ analyses: { queued: 1, failed: 1 } })], inquiry: "a".repeat(12) })];
    const one = { run_id: 40, subject_id: 21, arm: "grpo", seed: 0, step: 10, status: "failed", phase: "", failure: "user", error: "no weights of step 10", lexicon: "english-1", requested_by: "ada", requested_at: "2026-01-01T00:00:00Z" };
    served["analyses"] = [200, { analyses: [one], subjects: [] }];
    tab();
    expect(await screen.findByText("no weights of step 10")).toBeInTheDocument();
    expect(screen.getByText(/0 of 2 analyses done, 1 queued, 1 failed/)).toBeInTheDocument();
  });

  it("says when it cannot tell how far they are", async () => {
    served["behaviour"] = [200, behaviour({ ...nothing, inquiries: [inquiry({ analyses: { queued: 2 } })], inquiry: "a".repeat(12) })];
    served["analyses"] = [503, { code: "unavailable", message: "the database did not answer in time", errors: [] }];
    tab();
    expect(await screen.findByText("the database did not answer in time")).toBeInTheDocument();
    expect(screen.queryByRole("status", { name: "Loading" })).toBeNull();
  });

  it("says why it cannot, and leads back from an inquiry that is gone", async () => {
    served["behaviour"] = [422, { code: "invalid", message: "wrong", errors: [{ field: "inquiry", message: "the sweep has no inquiry" }] }];
    const { address } = tab("inquiry=bbbbbbbbbbbb");
    await userEvent.click(await screen.findByRole("button", { name: "Show the latest analyses" }));
    expect(address().get("inquiry")).toBeNull();
  });
});

describe("differences in entropy", () => {
  it("are told in words: those that hold, those that do not, and those that cannot be told", async () => {
    show(<Given Part={GapTable} />);
    const row = async (name: string) => within(await screen.findByRole("row", { name: new RegExp(`^${name}`) }));
    expect((await row("causal")).getByText("higher")).toBeInTheDocument();
    expect((await row("causal")).getByText("holds in the same place of the same problem")).toBeInTheDocument();
    expect((await row("reflective sentences")).getByText("not established in the same place of the same problem")).toBeInTheDocument();
    expect((await row("rare sentences")).getByText("no difference established")).toBeInTheDocument();
    expect((await row("verbs")).getByText(/^in 2 problems; an interval needs 5/)).toBeInTheDocument();
    const asked = requests().map(({ url }) => new URL(url)).find(({ pathname }) => pathname.endsWith("/gaps"));
    expect(asked?.searchParams.get("arm")).toBe("shaped");
  });
});

describe("against the baseline", () => {
  it("marks what is established after adjustment, and says where too few problems tell", async () => {
    show(<Given Part={Differences} />, "of=per_thousand");
    const row = within(await screen.findByRole("row", { name: /^shaped/ }));
    expect(row.getByText("established", { exact: false })).toBeInTheDocument();
    expect(row.getByText("in 2 problems of both; 5 are needed")).toBeInTheDocument();
    expect(screen.getByText(/adjusted for all 2 differences/)).toBeInTheDocument();
  });

  it("calls nothing established over one seed", async () => {
    const told = differences();
    served["differences"] = [200, { ...told, differences: told.differences.map((one) => ({ ...one, over: "problems", seeds: [0] })) }];
    show(<Given Part={Differences} />, "of=per_thousand");
    const row = within(await screen.findByRole("row", { name: /^shaped/ }));
    expect(row.queryByText("established", { exact: false })).not.toBeInTheDocument();
  });

  it("shows another figure, and keeps it in the address", async () => {
    const { address } = show(<Given Part={Differences} />);
    await userEvent.click(await screen.findByRole("button", { name: "above the rest" }));
    expect(address().get("of")).toBe("gap");
  });

  it("says when there is nothing to set arms against", async () => {
    served["differences"] = [200, { baseline: "grpo", step: null, differences: [], missing: "grpo has no finished analysis" }];
    show(<Given Part={Differences} />);
    expect(await screen.findByText(/^grpo has no finished analysis, so there is nothing/)).toBeInTheDocument();
  });
});

describe("rare sentences", () => {
  it("are read beside the nearest, with the caveat, and never as markup", async () => {
    show(<Given Part={Sentences} />);
    expect(await screen.findByText("<b>Imagine</b> a circle.")).toBeInTheDocument();
    expect(screen.getByText("So it is seven.")).toBeInTheDocument();
    expect(screen.getByText(/unusual wording, not necessarily a new strategy/)).toBeInTheDocument();
    expect(screen.getByText(/entropy is not a number, problem 3/)).toBeInTheDocument();
  });

  it("are searched in any case, in the address", async () => {
    const { address } = show(<Given Part={Sentences} />);
    await userEvent.type(await screen.findByRole("searchbox"), "LINE");
    expect(screen.queryByText("Zooming out, it is a tower.")).toBeNull();
    expect(screen.getByText("1 of 2")).toBeInTheDocument();
    expect(address().get("say")).toBe("LINE");
  });
});

describe("regimes", () => {
  it("are named with retrieval against chance", () => {
    show(<RegimeTable collapses={behaviour().collapses} />);
    const row = screen.getAllByRole("row", { name: /^shaped/ }).at(-1)!;
    expect(row).toHaveTextContent("template collapse");
    expect(row).toHaveTextContent("50.0 (40.0 – 60.0)");
    expect(screen.getByRole("columnheader", { name: "k\u00a0=\u00a01, chance 6.2\u00a0%" })).toBeInTheDocument();
  });
});
