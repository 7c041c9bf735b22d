import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { mount, newQueries } from "../standins";
import { ArmCards } from "./ArmCards";
import type { ArmsProps } from "./arms";
import { ArmsTable } from "./ArmsTable";
import { COMPARISON } from "./samples";
import { SuccessRates } from "./SuccessRates";

const ESTABLISHED = "shaped/alpha=0.1,kappa=4";
const SUGGESTED = "shaped/alpha=0.8,kappa=4";
const ONE_SEED = "shaped/alpha=1.6,kappa=2";
const RUNS = [0, 1, 2].map((seed) => ({ id: 70 + seed, arm: SUGGESTED, seed, status: seed < 2 ? "succeeded" : "failed" }));

function row(name: string): HTMLElement {
  const found = screen.getAllByRole("row").find((line) => line.querySelector(".arm-name")?.textContent === name);
  if (!found) throw new Error(`${name} has no row`);
  return found;
}

function cells(name: string): string[] {
  return within(row(name)).getAllByRole("cell").map((cell) => cell.textContent);
}

function show(changes: Partial<ArmsProps> = {}, Arms = ArmsTable) {
  const acts = { onSort: vi.fn(), onSelect: vi.fn(), onOpen: vi.fn(), onDiff: vi.fn(), onK: vi.fn(), onRemove: vi.fn() };
  const queries = newQueries({ staleTime: Infinity });
  queries.setQueryData(["sweep-runs", 1], { runs: RUNS, sweeps: [], cursor: "" });
  const props: ArmsProps = {
    comparison: COMPARISON,
    arms: COMPARISON.arms,
    ks: [1],
    k: 1,
    order: null,
    sentences: COMPARISON.sentences,
    styles: new Map(),
    budgets: new Map(),
    within: null,
    selected: null,
    opened: new Set(),
    busy: false,
    ...acts,
    ...changes,
  };
  mount(<Arms {...props} />, queries);
  return acts;
}

describe("a row of the arms table", () => {
  it("gives the difference, both intervals and the adjusted p", () => {
    show();
    expect(cells(SUGGESTED).slice(0, 4)).toEqual(["30.027.0 – 33.0", "+2.4+0.4 – +4.4", "0.060−0.6 – +5.4", "3"]);
  });

  it("colours a sign and outlines an interval only where a difference is established", () => {
    show();
    expect(within(row(ESTABLISHED)).getByText("−3.1")).toHaveClass("less");
    expect(within(row(ESTABLISHED)).getAllByText("−5.0 – −1.2").map((text) => text.className)).toEqual(["note", "note established"]);
    expect(within(row(SUGGESTED)).getByText("+2.4")).not.toHaveClass("more");
    expect(within(row(SUGGESTED)).getByText("+0.4 – +4.4")).toHaveClass("suggested");
    expect(row(SUGGESTED).querySelector(".established")).toBeNull();
  });

  it("says beside the intervals of one seed what they leave out", () => {
    show();
    expect(row(ONE_SEED)).toHaveTextContent("1 seed: training noise not included");
    expect(screen.getAllByText(/training noise not included/)).toHaveLength(1);
    expect(row(ONE_SEED).querySelector(".established, .more")).toBeNull();
  });

  it("labels what is missing, what failed and another budget", () => {
    show({ budgets: new Map([[SUGGESTED, "50 steps of 256"]]) });
    expect(row("shaped/alpha=0.4,kappa=2")).toHaveTextContent("3 failed");
    expect(within(row("shaped/alpha=0.4,kappa=4")).getByText("0 of 3")).toHaveClass("missing");
    expect(within(row(SUGGESTED)).getByText("50 steps of 256")).toHaveClass("warn");
  });

  it("steps back outside the brush", () => {
    show({ within: new Set([SUGGESTED]) });
    expect(row(SUGGESTED)).not.toHaveClass("dimmed");
    expect(row(ESTABLISHED)).toHaveClass("dimmed");
  });

  it("asks to be opened and selected by its name", async () => {
    const { onOpen, onSelect } = show();
    await userEvent.click(screen.getByRole("button", { name: `Seeds of ${SUGGESTED}` }));
    await userEvent.click(within(row(SUGGESTED)).getByRole("button", { pressed: false }));
    expect(onOpen).toHaveBeenCalledWith(SUGGESTED);
    expect(onSelect).toHaveBeenCalledWith(SUGGESTED);
  });
});

describe("an opened row", () => {
  it("has every seed with its value, its difference to the baseline's and its run", () => {
    show({ opened: new Set([SUGGESTED]) });
    const seeds = screen.getAllByRole("row").filter((line) => line.className === "seed");
    expect(seeds.map((line) => line.textContent)).toEqual([
      "seed 0run 70settings of run 7028.00.0",
      "seed 1run 71settings of run 7130.00.0",
      "seed 2run 72settings of run 7232.00.0failed",
    ]);
    expect(screen.getByRole("link", { name: "run 71" })).toHaveAttribute("href", "/runs/71");
    expect(screen.getByRole("link", { name: /3 runs in the list/ })).toHaveAttribute("href", "/sweeps/1?tab=runs&runs-arm=shaped%2Falpha%3D0.8%2Ckappa%3D4");
  });

  it("tells what so many seeds can establish", () => {
    show({ opened: new Set([SUGGESTED]) });
    expect(screen.getByText(/a true difference of 4.1 points 8 times in 10; 7 seeds would bring that to 3/)).toBeInTheDocument();
    expect(screen.getByText(/its own p is 0.030, of a t test/)).toBeInTheDocument();
  });

  it("does not promise with one seed what only more can show", () => {
    show({ opened: new Set([ONE_SEED]) });
    expect(screen.getByText(/One seed says nothing about training noise/)).toBeInTheDocument();
  });

  it("offers the settings of a run", async () => {
    const { onDiff } = show({ opened: new Set([SUGGESTED]) });
    await userEvent.click(screen.getByRole("button", { name: "settings of run 70" }));
    expect(onDiff).toHaveBeenCalledWith("run:70");
  });
});

describe("the columns of the arms table", () => {
  const both = { ...COMPARISON, ks: [1, 8] };

  it("say how they are sorted, and ask for the next order", async () => {
    const { onSort } = show({ order: { column: "delta@1", falling: true } });
    const head = screen.getByRole("columnheader", { name: /^Δ ?: difference in pass@1/ });
    expect(head).toHaveAttribute("aria-sort", "descending");
    await userEvent.click(within(head).getByRole("button"));
    expect(onSort).toHaveBeenCalledWith(expect.objectContaining({ id: "delta@1" }));
  });

  it("can be removed, except those of the k that is shown", async () => {
    const { onRemove, onK } = show({ comparison: both, ks: [1, 8] });
    expect(screen.queryByRole("button", { name: "Remove the columns of k = 1" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Remove the columns of k = 8" }));
    await userEvent.click(screen.getByRole("button", { name: /^pass@ ?8$/ }));
    expect(onRemove).toHaveBeenCalledWith(8);
    expect(onK).toHaveBeenCalledWith(8);
  });
});

describe("the cards, where there is no room for a table", () => {
  it("have the same figures and open to the same seeds", () => {
    show({ opened: new Set([SUGGESTED]) }, ArmCards);
    const figures = screen.getByRole("table", { name: `Figures of ${SUGGESTED}` });
    expect(within(figures).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["1: 30.027.0 – 33.0", "+2.4+0.4 – +4.4", "0.060−0.6 – +5.4"]);
    expect(screen.getByRole("link", { name: "run 70" })).toBeInTheDocument();
  });

  it("are sorted by a list of the same columns", async () => {
    const { onSort } = show({}, ArmCards);
    await userEvent.selectOptions(screen.getByLabelText("Sorted by"), "Δ pass@1");
    expect(onSort).toHaveBeenCalledWith(expect.objectContaining({ id: "delta@1" }));
  });
});

describe("success rates", () => {
  it("sets the baseline beside the selected arm", () => {
    render(<SuccessRates comparison={COMPARISON} index={0} selected={SUGGESTED} styles={new Map()} />);
    expect(screen.getByRole("img")).toHaveAccessibleName("Never solved 12.5\u00a0% → 12.5\u00a0%, always solved 83.3\u00a0% → 83.3\u00a0% of the problems");
    expect(screen.getByRole("row", { name: /^0.5/ })).toHaveTextContent("0.540.0 34.0 – 46.040.0 34.0 – 46.0");
    expect(screen.getAllByRole("columnheader").map((head) => head.textContent)).toEqual(["τ", "baseline", SUGGESTED]);
  });

  it("shows the trained arm with the highest difference while none is selected", () => {
    render(<SuccessRates comparison={COMPARISON} index={0} selected={null} styles={new Map()} />);
    expect(screen.getAllByRole("columnheader").at(-1)).toHaveTextContent(ONE_SEED);
  });
});
