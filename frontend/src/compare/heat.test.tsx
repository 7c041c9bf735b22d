import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { comparisonCsv, ordered } from "./columns";
import { scaleEnd, stopsOf } from "./grid";
import { HeatMap } from "./HeatMap";
import { ARMS, COMPARISON } from "./samples";

function show(onSelect = vi.fn(), selected: string | null = null) {
  const { sentences } = COMPARISON;
  render(<HeatMap comparison={COMPARISON} index={0} sentences={sentences} selected={selected} onSelect={onSelect} />);
  return screen.getByRole("table");
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
    expect(cell).toHaveTextContent("2 seeds, difference established");
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

  it("tells what can be said of its arm, pointed at and selected", () => {
    const [said] = Object.values(COMPARISON.sentences);
    const table = show(vi.fn(), "shaped/alpha=0.1,kappa=4");
    expect(within(table).getByTitle(said ?? "")).toHaveAttribute("aria-pressed", "true");
    expect(screen.getByText(said ?? "")).toBeInTheDocument();
  });

  it("tells failed from not finished and from not in the sweep", () => {
    const table = show();
    expect(within(table).getByTitle("shaped/alpha=0.4,kappa=2")).toHaveTextContent(/^failed$/);
    expect(within(table).getByTitle("shaped/alpha=0.4,kappa=4")).toHaveTextContent(/^not finished$/);
    expect(within(table).getByText("not in this sweep")).toBeInTheDocument();
  });

  it("shows pass@k alone while the baseline has no result", () => {
    expect(within(show()).getByTitle("shaped/alpha=0.8,kappa=2")).toHaveTextContent("30.0%baseline not finished");
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

describe("the comparison around it", () => {
  it("says what the outline means", () => {
    show();
    expect(screen.getByText(/^difference established:/)).toHaveTextContent("adjusted for all arms");
    expect(document.body).not.toHaveTextContent(/significant|better/);
  });

  it("scales colours by the trained arms", () => {
    expect(scaleEnd(ARMS)).toBe(0.05);
  });

  it("stops at widening ks, at the last and at the one shown", () => {
    const ks = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(stopsOf(ks, 7)).toEqual([1, 2, 3, 4, 6, 7, 8, 12, 16, 20]);
  });

  it("pins the baseline and puts arms without a value last", () => {
    const names = ordered(ARMS, 0, { column: "delta", falling: true }).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["grpo", "base", "shaped/alpha=1.6,kappa=2"]);
    expect(names.slice(6)).toEqual(["shaped/alpha=0.4,kappa=2", "shaped/alpha=0.4,kappa=4", "shaped/alpha=0.8,kappa=2"]);
  });

  it("exports every arm and k, names quoted", () => {
    const [head, ...rows] = comparisonCsv(ARMS.slice(0, 2), [1]).split("\n");
    expect(head).toBe("arm,k,seeds,pass_at_k,low,high,delta,delta_low,delta_high,p,adjusted_low,adjusted_high,adjusted_p,established");
    expect(rows).toEqual(['"grpo",1,3,0.3,0.27,0.33,,,,,,,,', '"base",1,3,0.3,0.27,0.33,0.4,0.30000000000000004,0.5,0.03,0.30000000000000004,0.5,0.06,true', ""]);
  });
});
