import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from "echarts";
import { describe, expect, it } from "vitest";

import { INK } from "../charts/palette";
import { barRows, barsLabel, barsOption } from "./bars";
import { bonusOption, bonusRows, bonusTitle, shownKinds } from "./bonuses";
import { courseRows, coursesOf, coursesOption } from "./courses";
import { differenceRows, tableOf } from "./differences";
import { armsAt, kindsOf, trajectoriesOf } from "./figures";
import { explained, findGaps, gapRows, gapsOption } from "./gaps";
import { quadrantOption, quadrantRows } from "./quadrant";
import { behaviour, differences, figure, gap, gaps, SWEEP } from "./samples";
import { stylesOf } from "./styles";

const found = behaviour();
const kinds = kindsOf(found);
const styles = stylesOf(SWEEP, "light");
const ink = INK.light;
const seriesOf = (option: { series?: unknown }) => option.series as (CustomSeriesOption & LineSeriesOption)[];
const ids = (option: { series?: unknown }) => seriesOf(option).map(({ id }) => id);

describe("bars", () => {
  const arms = armsAt(found, null);

  it("are one series for each arm with room for intervals", () => {
    const option = barsOption(arms, kinds, { styles, ink });
    expect(ids(option)).toEqual(["untrained", "grpo", "bonus", "shaped"]);
    expect(seriesOf(option)[0]?.data).toHaveLength(kinds.length);
    expect((seriesOf(option)[0]?.data as number[][])[1]?.[1]).toBeCloseTo(1.0);
  });

  it("are told in words and rows", () => {
    expect(barsLabel(arms, kinds)).toContain("causal 0.9 against 0.5");
    const [head, first] = barRows(arms, kinds);
    expect(head?.length).toBe(first?.length);
    expect(first?.slice(0, 6)).toEqual(["untrained", 0, 0, "problems", "all", "words"]);
  });
});

describe("views", () => {
  it("are series of their own beside the line of no difference", () => {
    expect(ids(gapsOption(gaps(), kinds, { theme: "light", ink }))).toEqual(["none", "all", "position", "problem", "both", "word starts"]);
    const [head, first] = gapRows(gaps(), kinds);
    expect(head?.length).toBe(first?.length);
  });

  it("say whether place and problem explain a difference", () => {
    const said = kinds.map((kind) => explained(findGaps(gaps(), kind)));
    expect(said).toEqual([
      "holds in the same place of the same problem",
      "holds in the same place of the same problem",
      null,
      "not established in the same place of the same problem",
      null,
    ]);
  });

  it("say so where place and problem turn a difference round", () => {
    const turned = (whole: number, held: number) => ({
      name: "causal",
      of: "words" as const,
      gaps: [gap("all", whole, 0.01), gap("both", held, 0.01)],
      profile: [],
      rest_profile: [],
    });
    expect(explained(turned(0.4, -0.3))).toBe("lower in the same place of the same problem");
    expect(explained(turned(-0.4, 0.3))).toBe("higher in the same place of the same problem");
  });
});

describe("courses", () => {
  const look = { styles, ink, baseline: "grpo", hidden: new Set(["bonus"]), focus: "shaped" };

  it("leave out what is hidden, and have bands of the baseline and the arm in focus", () => {
    const option = coursesOption(coursesOf(found), kinds[1]!, "mean", look);
    expect(ids(option)).toEqual(["grpo band", "shaped band", "grpo", "shaped"]);
    expect(seriesOf(option)[3]?.data).toEqual([[0, 0.9], [5, 0.9], [10, 0.9]]);
  });

  it("have a line at no difference", () => {
    expect(ids(coursesOption(coursesOf(found), kinds[1]!, "gap", look))[0]).toBe("none");
    const [head, first] = courseRows(coursesOf(found), kinds[1]!, "gap");
    expect(head?.length).toBe(first?.length);
  });
});

describe("the quadrant", () => {
  const look = { styles, ink, focus: "shaped", baseline: "grpo" };
  const drawn = (plane: "regimes" | "sequence" | "token") => quadrantOption(trajectoriesOf(found), found.collapses, plane, look);

  it("has the most there can be, the regimes, and a line for each run", () => {
    expect(ids(drawn("regimes"))).toEqual(["most", "half diverse", "half dependent", "regimes", "grpo seed 0", "shaped seed 0"]);
    expect(seriesOf(drawn("regimes"))[5]?.data).toHaveLength(3);
  });

  it("has neither regimes nor log N where they mean nothing", () => {
    expect(ids(drawn("sequence"))).toEqual(["most", "grpo seed 0", "shaped seed 0"]);
    expect(ids(drawn("token"))).toEqual(["grpo seed 0", "shaped seed 0"]);
    const [head, first] = quadrantRows(found.collapses);
    expect(head?.length).toBe(first?.length);
  });
});

describe("the bonus", () => {
  const point = (step: number, tokens: number) => ({ step, seeds: 2, tokens, entropy: figure(0.5), share: figure(0.3), capped: figure(0.2) });
  const kind = (name: string, of: "words" | "sentences" | "rest", tokens = 10) => ({ name, of, points: [point(1, tokens), point(10, tokens)] });
  const bonuses = { arm: "shaped", lexicon: "countdown-1", kappa: 2, seeds: [0, 1], kinds: [kind("all", "words"), kind("operators", "words"), kind("reflective", "sentences", 0), kind("rest", "rest")] };
  const look = { theme: "light" as const, ink, hidden: new Set<string>(), focus: null };

  it("is told of kinds that occur, and once of a single category", () => {
    expect(shownKinds(bonuses).map(bonusTitle)).toEqual(["operators", "tokens of no listed word"]);
  });

  it("has its cap where it is set against the advantage", () => {
    expect(ids(bonusOption(bonuses, "share", look))[0]).toBe("cap");
    expect(ids(bonusOption(bonuses, "entropy", look))).not.toContain("cap");
    const [head, first] = bonusRows(bonuses);
    expect(head?.length).toBe(first?.length);
  });
});

describe("the bonus where a step has no interval", () => {
  it("has a band on either side, and none in between", () => {
    const step = (number: number, half: number | null) => ({ step: number, seeds: 2, tokens: 9, entropy: figure(0.5), share: figure(0.3, half), capped: figure(0.2) });
    const kinds = [{ name: "operators", of: "words" as const, points: [step(1, 0.1), step(2, 0.1), step(3, null), step(4, 0.4), step(5, 0.1)] }];
    const option = bonusOption({ arm: "shaped", lexicon: "countdown-1", kappa: 2, seeds: [0, 1], kinds }, "share", { theme: "light", ink, hidden: new Set(), focus: null });
    expect(outlinesOf(option, "operators band")).toEqual([
      [[1, 0.4], [2, 0.4], [2, 0.2], [1, 0.2]],
      [[4, 0.7], [5, 0.4], [5, 0.2], [4, 0]],
    ]);
  });
});

/** The corners of a band's areas, in the units of the axes. */
function outlinesOf(option: EChartsOption, id: string) {
  const series = (option.series as CustomSeriesOption[]).find((one) => one.id === id);
  const drawn = series?.renderItem?.({ dataIndexInside: 0 } as never, { coord: (corner: number[]) => corner } as never);
  const rounded = (corners: number[][]) => corners.map((corner) => corner.map((value) => Number(value.toFixed(6))));
  return (drawn as { children: { shape: { points: number[][] } }[] }).children.map(({ shape }) => rounded(shape.points));
}

describe("differences", () => {
  it("are a row for each arm, of one measure", () => {
    expect(tableOf(differences(), "per_thousand")).toMatchObject([{ arm: "shaped", differences: [{ name: "causal" }, { name: "verbs" }] }]);
    const [head, first] = differenceRows(differences());
    expect(head?.length).toBe(first?.length);
  });
});
