import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import type { ComparedArm, Comparison, Difference, Method } from "../api/types";
import { comparisonCsv, ordered } from "./columns";
import { scaleEnd, stopsOf } from "./grid";
import { HeatMap } from "./HeatMap";

function arm(name: string, method: Method, changes: Partial<ComparedArm> = {}): ComparedArm {
  return {
    name,
    template: name.split("/")[0] ?? name,
    method,
    is_baseline: false,
    runs: 3,
    succeeded: 3,
    failed: 0,
    seeds: [0, 1, 2],
    pass_at: [{ mean: 0.3, low: 0.27, high: 0.33 }],
    pass_at_over: "seeds and problems",
    delta: null,
    delta_over: null,
    delta_test: null,
    detectable: null,
    seeds_needed: null,
    cover: null,
    histogram: null,
    paired_seeds: [0, 1, 2],
    seed_means: [],
    truncated: 0,
    unparsable: 0,
    entropy: 0.2,
    ...changes,
  };
}

function difference(mean: number, half: number, wide = half): Difference {
  const sides = { low: mean - half, high: mean + half, adjusted_low: mean - wide, adjusted_high: mean + wide };
  const excludes_zero = Math.abs(mean) > half;
  return { mean, ...sides, p: 0.03, adjusted_p: 0.06, excludes_zero, established: Math.abs(mean) > wide };
}

function shaped(alpha: number, kappa: number, changes: Partial<ComparedArm>): ComparedArm {
  const method: Method = { method: "entropy_shaped", alpha, kappa, form: "additive" };
  return arm(`shaped/alpha=${alpha},kappa=${kappa}`, method, changes);
}

const UNFINISHED = { succeeded: 0, seeds: [], paired_seeds: [], pass_at: null };
const ARMS = [
  arm("grpo", { method: "grpo" }, { is_baseline: true }),
  arm("base", { method: "base" }, { delta: [difference(0.4, 0.1)] }),
  shaped(0.1, 2, { delta: [difference(0.012, 0.016)] }),
  shaped(0.1, 4, { delta: [difference(-0.031, 0.019)], paired_seeds: [0, 1] }),
  shaped(0.4, 2, { ...UNFINISHED, failed: 3 }),
  shaped(0.4, 4, UNFINISHED),
  shaped(0.8, 2, { delta: null }),
];

const COMPARISON: Comparison = {
  sweep_id: 1,
  baseline: "grpo",
  ks: [1],
  k: 1,
  taus: [],
  problems: 256,
  samples: 64,
  interval_note: "",
  arms: ARMS,
  sentences: {},
  warnings: [],
  conclusion: "",
};

function show(onSelect = vi.fn()) {
  render(<HeatMap comparison={COMPARISON} index={0} selected={null} onSelect={onSelect} />);
  return screen.getByRole("table");
}

describe("a cell of the heat map", () => {
  it("shows the difference in points, its interval and its seeds", () => {
    const cell = within(show()).getByTitle("shaped/alpha=0.1,kappa=2");
    expect(cell).toHaveTextContent("+1.2−0.4 – +2.83 seeds");
    expect(cell).not.toHaveClass("outlined");
  });

  it("is outlined, and says so, where a difference is established", () => {
    const cell = within(show()).getByTitle("shaped/alpha=0.1,kappa=4");
    expect(cell).toHaveClass("outlined");
    expect(cell).toHaveTextContent("2 seeds, difference established");
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
    expect(within(table).getAllByRole("rowheader").map((head) => head.textContent)).toEqual(["0.1", "0.4", "0.8"]);
  });
});

describe("the comparison around it", () => {
  it("says what the outline means", () => {
    show();
    expect(screen.getByText(/^difference established/)).toHaveTextContent("adjusted for all arms");
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
    expect(names.slice(0, 3)).toEqual(["grpo", "base", "shaped/alpha=0.1,kappa=2"]);
    expect(names.slice(4)).toEqual(["shaped/alpha=0.4,kappa=2", "shaped/alpha=0.4,kappa=4", "shaped/alpha=0.8,kappa=2"]);
  });

  it("exports every arm and k, names quoted", () => {
    expect(comparisonCsv(ARMS.slice(0, 1), [1])).toBe(
      'arm,k,seeds,pass_at_k,low,high,delta,delta_low,delta_high\n"grpo",1,3,0.3,0.27,0.33,,,\n',
    );
  });
});
