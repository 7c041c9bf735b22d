import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { ArmsTable } from "./ArmsTable";
import { COMPARISON } from "./samples";
import { SuccessRates } from "./SuccessRates";

const ESTABLISHED = "shaped/alpha=0.1,kappa=4";
const SUGGESTED = "shaped/alpha=0.8,kappa=4";
const ONE_SEED = "shaped/alpha=1.6,kappa=2";

function row(name: string): HTMLElement {
  const found = screen.getAllByRole("row").find((line) => line.querySelector(".arm-name")?.textContent === name);
  if (!found) throw new Error(`${name} has no row`);
  return found;
}

function show() {
  const { sentences } = COMPARISON;
  render(<ArmsTable comparison={COMPARISON} index={0} sentences={sentences} styles={new Map()} selected={null} onSelect={vi.fn()} />);
}

describe("a row of the arms table", () => {
  it("gives the difference, both intervals and both p-values", () => {
    show();
    const cells = within(row(SUGGESTED)).getAllByRole("cell");
    expect(cells.slice(2, 8).map((cell) => cell.textContent)).toEqual(["+2.4", "+0.4 – +4.4", "−0.6 – +5.4", "0.030", "0.060", "3"]);
  });

  it("colours a sign and outlines an interval only where a difference is established", () => {
    show();
    expect(within(row(ESTABLISHED)).getByText("−3.1")).toHaveClass("less");
    expect(within(row(ESTABLISHED)).getAllByText("−5.0 – −1.2").map((text) => text.className)).toEqual(["", "established"]);
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

  it("opens to its seeds and to what so many of them can establish", async () => {
    show();
    await userEvent.click(within(row(SUGGESTED)).getByRole("button", { name: `Seeds of ${SUGGESTED}` }));
    const seeds = screen.getByRole("table", { name: `pass@1 of ${SUGGESTED} seed by seed` });
    expect(within(seeds).getAllByRole("row").slice(1).map((line) => line.textContent)).toEqual(["028.00.0", "130.00.0", "232.00.0"]);
    expect(screen.getByText(/a true difference of 4.1 points 8 times in 10; 7 seeds would bring that to 3/)).toBeInTheDocument();
  });

  it("does not promise with one seed what only more can show", async () => {
    show();
    await userEvent.click(screen.getByRole("button", { name: `Seeds of ${ONE_SEED}` }));
    expect(screen.getByText(/One seed says nothing about training noise/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Seeds of shaped/alpha=0.4,kappa=4" })).toBeDisabled();
  });
});

describe("success rates", () => {
  it("sets the baseline beside the selected arm", () => {
    render(<SuccessRates comparison={COMPARISON} index={0} selected={SUGGESTED} styles={new Map()} />);
    expect(screen.getByRole("img")).toHaveAccessibleName("Never solved 12.5% → 12.5%, always solved 83.3% → 83.3% of the problems");
    expect(screen.getByRole("row", { name: /^0.5/ })).toHaveTextContent("0.540.0 34.0 – 46.040.0 34.0 – 46.0");
    expect(screen.getAllByRole("columnheader").map((head) => head.textContent)).toEqual(["τ", "baseline", SUGGESTED]);
  });

  it("shows the trained arm with the highest difference while none is selected", () => {
    render(<SuccessRates comparison={COMPARISON} index={0} selected={null} styles={new Map()} />);
    expect(screen.getAllByRole("columnheader").at(-1)).toHaveTextContent(ONE_SEED);
  });
});
