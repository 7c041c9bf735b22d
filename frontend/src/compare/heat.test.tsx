import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { scaleEnd, stopsOf } from "./grid";
import { HeatMap } from "./HeatMap";
import { stepFrom } from "./roving";
import { arm, ARMS, COMPARISON, difference, shaped } from "./samples";

function show(onSelect = vi.fn(), selected: string | null = null) {
  const { sentences } = COMPARISON;
  render(<HeatMap comparison={COMPARISON} index={0} sentences={sentences} selected={selected} onSelect={onSelect} />);
  return screen.getByRole("grid");
}

/** How far its ground is from the middle of the scale, in percent. */
function strengthOf(element: Element): number {
  return Number(/(\d+)%/.exec(element.getAttribute("style") ?? "")?.[1]);
}

describe("a cell of the heat map", () => {
  it("shows the difference in points, its interval and its seeds", () => {
    const cell = within(show()).getByTitle("shaped/alpha=0.1,kappa=2");
    expect(cell).toHaveTextContent("+1.2−0.4 – +2.83 seeds");
    expect(cell).not.toHaveClass("established");
    expect(cell).not.toHaveClass("suggested");
  });

  it("is outlined, and says so, where a difference is established", () => {
    const cell = within(show()).getByTitle(/^shaped\/alpha=0.1,kappa=4/);
    expect(cell).toHaveClass("established");
    expect(cell).toHaveTextContent("2 of 3 seeds, difference established");
  });

  it("keeps its colour for its foot where the interval holds zero", () => {
    const table = show();
    const [holds, excludes] = ["shaped/alpha=0.1,kappa=2", "shaped/alpha=0.8,kappa=4"].map((name) => within(table).getByTitle(name));
    expect(holds?.querySelector(".heat-foot")).toBeInTheDocument();
    expect(strengthOf(holds!)).toBeLessThan(strengthOf(holds!.querySelector(".heat-foot")!) / 2);
    expect(excludes?.querySelector(".heat-foot")).toBeNull();
    expect(screen.getByText(/the interval holds zero/)).toBeInTheDocument();
  });

  it("is dotted where only the unadjusted interval excludes zero", () => {
    const cell = within(show()).getByTitle("shaped/alpha=0.8,kappa=4");
    expect(cell).toHaveClass("suggested");
    expect(cell).not.toHaveClass("established");
    expect(cell).toHaveTextContent("not established");
  });

  it("says that one seed's interval is over problems only, and is never outlined", () => {
    const cell = within(show()).getByTitle("shaped/alpha=1.6,kappa=2");
    expect(cell).toHaveTextContent("1 seed, problems only");
    expect(cell).not.toHaveClass("established");
    expect(screen.getByText(/^“problems only”/)).toHaveTextContent("leaves training noise out");
  });

  it("tells what can be said of its arm, and whether it is selected", () => {
    const [said] = Object.values(COMPARISON.sentences);
    const table = show(vi.fn(), "shaped/alpha=0.1,kappa=4");
    expect(within(table).getByTitle(said ?? "")).toHaveAttribute("aria-pressed", "true");
  });

  it("says of how many seeds its figure is made while some are missing", () => {
    expect(within(show()).getByTitle(/^shaped\/alpha=0.1,kappa=4/)).toHaveTextContent("2 of 3 seeds");
  });

  it("steps back outside the brush", () => {
    const { sentences } = COMPARISON;
    const within_ = new Set(["shaped/alpha=0.1,kappa=2"]);
    render(<HeatMap comparison={COMPARISON} index={0} sentences={sentences} selected={null} within={within_} onSelect={vi.fn()} />);
    expect(screen.getByTitle("shaped/alpha=0.1,kappa=2")).not.toHaveClass("dimmed");
    expect(screen.getByTitle("shaped/alpha=0.8,kappa=4")).toHaveClass("dimmed");
  });

  it("tells failed from not finished and from not in the sweep", () => {
    const table = show();
    expect(within(table).getByTitle("shaped/alpha=0.4,kappa=2")).toHaveTextContent(/^failed$/);
    expect(within(table).getByTitle("shaped/alpha=0.4,kappa=4")).toHaveTextContent(/^not finished$/);
    expect(within(table).getByText("not in this sweep")).toBeInTheDocument();
  });

  it("shows pass@k alone while the baseline has no result", () => {
    expect(within(show()).getByTitle("shaped/alpha=0.8,kappa=2")).toHaveTextContent("30.0 %baseline not finished");
  });

  it("selects its arm", async () => {
    const onSelect = vi.fn();
    await userEvent.click(within(show(onSelect)).getByTitle("shaped/alpha=0.1,kappa=2"));
    expect(onSelect).toHaveBeenCalledWith("shaped/alpha=0.1,kappa=2");
  });

  it("stands under its alpha and kappa", () => {
    const table = show();
    expect(within(table).getAllByRole("columnheader").map((head) => head.textContent)).toEqual(["alpha ↓ kappa →", "2", "4"]);
    expect(within(table).getAllByRole("rowheader").map((head) => head.textContent)).toEqual(["0.1", "0.4", "0.8", "1.6"]);
  });
});

describe("arrow keys in the heat map", () => {
  it("move between cells, over what is not in the sweep, from a single tab stop", async () => {
    const table = show();
    const cells = within(table).getAllByRole("button");
    expect(cells.map((cell) => cell.tabIndex)).toEqual([0, -1, -1, -1, -1, -1, -1]);
    cells[0]?.focus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{ArrowRight}");
    expect(screen.getByTitle("shaped/alpha=0.8,kappa=4")).toHaveFocus();
    expect(screen.getByTitle("shaped/alpha=0.8,kappa=4")).toHaveAttribute("tabindex", "0");
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByTitle("shaped/alpha=0.8,kappa=4")).toHaveFocus();
  });

  it("lead over gaps, to both ends of a row, and nowhere beyond them", () => {
    const present = [
      [false, true, true],
      [true, false, true],
    ];
    expect(stepFrom(present, [1, 0], "ArrowRight")).toEqual([1, 2]);
    expect(stepFrom(present, [1, 0], "ArrowUp")).toBeNull();
    expect(stepFrom(present, [0, 2], "Home")).toEqual([0, 1]);
    expect(stepFrom(present, [0, 1], "End")).toEqual([0, 2]);
    expect(stepFrom(present, [0, 2], "ArrowRight")).toBeNull();
    expect(stepFrom(present, [0, 2], "a")).toBeNull();
  });
});

describe("the comparison around it", () => {
  it("says what the outline means", () => {
    show();
    expect(screen.getByText(/^difference established:/)).toHaveTextContent("adjusted for all arms");
    expect(document.body).not.toHaveTextContent(/significant|better/);
  });

  it("scales colours by the cells of the grids", () => {
    expect(scaleEnd(ARMS)).toBe(0.05);
    expect(scaleEnd([...ARMS, arm("exploded", { method: "grpo" }, { delta: [difference(-0.9, 0.1)] })])).toBe(0.05);
  });

  it("does not let one cell that diverged take the colour from the others", () => {
    expect(scaleEnd([...ARMS, shaped(9, 2, { delta: [difference(-0.9, 0.1)] })])).toBe(0.1);
  });

  it("scales colours by the trained arms where there is no grid", () => {
    expect(scaleEnd([arm("base", { method: "base" }, { delta: [difference(0.4, 0.1)] }), arm("a", { method: "grpo" }, { delta: [difference(0.07, 0.1)] })])).toBe(0.1);
    expect(scaleEnd([])).toBe(0.01);
  });

  it("stops at widening ks, at the last and at the one shown", () => {
    const ks = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(stopsOf(ks, 7)).toEqual([1, 2, 3, 4, 6, 7, 8, 12, 16, 20]);
  });
});
