import { describe, expect, it } from "vitest";

import { delta, measure, percent, plural, range, signedRange } from "./numbers";
import { ago, duration } from "./times";

describe("numbers", () => {
  it("writes shares as percent with one decimal", () => {
    expect(percent(0.2917)).toBe("29.2\u00a0%");
    expect(percent(null)).toBe("—");
  });

  it("writes differences in points with their sign", () => {
    expect(delta(0.019)).toBe("+1.9");
    expect(delta(-0.0312)).toBe("−3.1");
    expect(delta(-0.0001)).toBe("0.0");
  });

  it("rounds as the command line does: between two, to the even one", () => {
    const written = [0.0125, 0.0375, 0.0025, 0.0045, 0.0015].map(delta);
    expect(written).toEqual(["+1.2", "+3.8", "+0.2", "+0.4", "+0.1"]); // as Python's round(100 * x, 1)
  });

  it("writes intervals with both ends", () => {
    expect(range({ low: 0.261, high: 0.324 })).toBe("26.1 – 32.4");
    expect(signedRange({ low: -0.004, high: 0.042 })).toBe("−0.4 – +4.2");
  });

  it("writes metrics of any size in four digits", () => {
    expect(measure(0.18234)).toBe("0.1823");
    expect(measure(12345.6)).toBe("12346");
    expect(measure(0.00002)).toBe("2e−5");
    expect(measure(120)).toBe("120");
    expect(measure(0.5)).toBe("0.5");
  });

  it("counts in words", () => {
    expect(plural(1, "run")).toBe("1 run");
    expect(plural(1200, "run")).toBe("1,200 runs");
  });
});

describe("times", () => {
  it("writes durations in two units", () => {
    expect([42, 95, 5400, 200_000].map(duration)).toEqual(["42 s", "1 min 35 s", "1 h 30 min", "2 d 8 h"]);
  });

  it("writes ages", () => {
    const now = Date.parse("2025-06-01T12:00:00Z");
    expect(ago("2025-06-01T11:59:50Z", now)).toBe("just now");
    expect(ago("2025-06-01T11:56:00Z", now)).toBe("4 min ago");
    expect(ago("2025-06-01T09:00:00Z", now)).toBe("3 h ago");
  });
});
