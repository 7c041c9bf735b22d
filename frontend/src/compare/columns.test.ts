import { describe, expect, it } from "vitest";

import { toCsv } from "../text/csv";
import { allColumns, ARM, columnsOfK, groupsOf, nextOrder, ordered, OTHERS, readOrder, shownKs, writeOrder, type Order } from "./columns";
import { arm, ARMS, COMPARISON, difference } from "./samples";
import { comparisonRows, curveRows, heatRows, rateRows } from "./tables";

const at = (low: number, high: number) => ({ pass_at: [low, high].map((mean) => ({ mean, low: mean, high: mean })), delta: [difference(low, 0.1), difference(high, 0.1)] });
const TWO_KS = {
  ...COMPARISON,
  ks: [1, 8],
  arms: [arm("grpo", { method: "grpo" }), arm("a", { method: "grpo" }, at(0.1, 0.9)), arm("b", { method: "grpo" }, at(0.3, 0.5)), arm("c", { method: "grpo" }, at(0.2, 0.7))].map((one) => ({
    ...one,
    is_baseline: one.name === "grpo",
  })),
};

function sorted(order: string | null): string[] {
  return ordered(TWO_KS.arms, allColumns(groupsOf(TWO_KS, [1, 8])), readOrder(order)).map(({ name }) => name);
}

describe("the order of arms", () => {
  it("pins the baseline and puts arms without a value last", () => {
    const names = ordered(ARMS, columnsOfK(1, 0).columns, { column: "delta@1", falling: true }).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["grpo", "base", "shaped/alpha=1.6,kappa=2"]);
    expect(names.slice(6)).toEqual(["shaped/alpha=0.4,kappa=2", "shaped/alpha=0.4,kappa=4", "shaped/alpha=0.8,kappa=2"]);
  });

  it("goes by any column at any k", () => {
    expect(sorted("-pass@1")).toEqual(["grpo", "b", "c", "a"]);
    expect(sorted("-delta@8")).toEqual(["grpo", "a", "c", "b"]);
    expect(sorted("delta@8")).toEqual(["grpo", "b", "c", "a"]);
    expect(sorted("arm")).toEqual(["grpo", "a", "b", "c"]);
    expect(sorted(null)).toEqual(["grpo", "a", "b", "c"]);
  });

  it("stays the sweep's own for a column that is not there", () => {
    expect(sorted("-delta@64")).toEqual(["grpo", "a", "b", "c"]);
  });

  it("counts numbers within names", () => {
    const names = ["x/beta=10", "x/beta=9"].map((name) => arm(name, { method: "grpo" }));
    expect(ordered(names, [ARM], { column: "arm", falling: false }).map(({ name }) => name)).toEqual(["x/beta=9", "x/beta=10"]);
  });

  it("is turned by a second click and given up by a third", () => {
    const [seeds = ARM] = OTHERS;
    const clicks = (column: typeof ARM) => {
      const orders: (Order | null)[] = [null];
      for (let click = 0; click < 3; click++) orders.push(nextOrder(orders.at(-1) ?? null, column));
      return orders.slice(1).map(writeOrder);
    };
    expect(clicks(seeds)).toEqual(["-seeds", "seeds", null]);
    expect(clicks(ARM)).toEqual(["arm", "-arm", null]);
  });
});

describe("the ks of the table", () => {
  const ks = Array.from({ length: 64 }, (_, place) => place + 1);

  it("are one try, a few and all of them, and that of the slider", () => {
    expect(shownKs(ks, [], 64)).toEqual([1, 8, 64]);
    expect(shownKs(ks, [], 24)).toEqual([1, 8, 24, 64]);
  });

  it("are those that were chosen, as far as they were evaluated", () => {
    expect(shownKs(ks, [16, 2, 128], 2)).toEqual([2, 16]);
    expect(shownKs([1, 2, 4], [], 4)).toEqual([1, 4]);
  });
});

describe("files of a comparison", () => {
  it("have every arm and k, unrounded, and what they are against", () => {
    const [head, ...rows] = toCsv(comparisonRows({ ...COMPARISON, arms: ARMS.slice(0, 2) })).split("\n");
    expect(head).toBe("arm,baseline,k,seeds,pass_at_k,low,high,delta,delta_low,delta_high,p,adjusted_low,adjusted_high,adjusted_p,established");
    expect(rows).toEqual(["grpo,grpo,1,3,0.3,0.27,0.33,,,,,,,,", "base,grpo,1,3,0.3,0.27,0.33,0.4,0.30000000000000004,0.5,0.03,0.30000000000000004,0.5,0.06,true", ""]);
  });

  it("have every cell of the heat map with its state", () => {
    const rows = heatRows(COMPARISON, 0);
    const state = Object.fromEntries(rows.slice(1).map((row) => [String(row[3]), row[6]]));
    expect(rows).toHaveLength(ARMS.length + 1);
    expect(state).toMatchObject({ grpo: "baseline", "shaped/alpha=0.4,kappa=2": "failed", "shaped/alpha=0.4,kappa=4": "pending", "shaped/alpha=0.8,kappa=2": "alone" });
    expect(rows.find((row) => row[3] === "shaped/alpha=0.1,kappa=4")?.slice(0, 9)).toEqual(["shaped", 0.1, 4, "shaped/alpha=0.1,kappa=4", "grpo", 1, "value", 2, 256]);
  });

  it("have the curves as they are drawn", () => {
    expect(curveRows(TWO_KS.arms.slice(1, 2), [1, 8], true).map((row) => row.slice(0, 4))).toEqual([
      ["arm", "k", "seeds", "delta"],
      ["a", 1, 3, 0.1],
      ["a", 8, 3, 0.9],
    ]);
  });

  it("have both parts of the success rates", () => {
    const rows = rateRows(ARMS.slice(0, 1), [0.5]);
    expect(rows).toHaveLength(1 + 12 + 1);
    expect(rows[1]).toEqual(["grpo", "share of problems", "never solved", 0.125, null, null]);
    expect(rows.at(-1)).toEqual(["grpo", "cover", "0.5", 0.4, 0.34, 0.46]);
  });
});
