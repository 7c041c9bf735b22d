import { expect, it } from "vitest";

import { INK } from "../charts/palette";
import { curvesOption } from "./curves";
import { COMPARISON } from "./samples";

const LOOK = { styles: new Map(), hidden: new Set<string>(), within: null, ink: INK.light, asDelta: false };

interface Drawn {
  id: string;
  name: string;
  lineStyle: { opacity: number };
  blur: { lineStyle: { opacity: number } };
}

it("has every arm ready to come forward with its band, so that pointing at one draws nothing anew", () => {
  const series = curvesOption(COMPARISON.arms, COMPARISON.ks, 1, LOOK).series as Drawn[];
  for (const { name } of COMPARISON.arms.filter((arm) => arm.pass_at)) expect(series.filter((one) => one.name === name).map(({ id }) => id)).toEqual([`${name} interval`, name]);
});

it("keeps the baseline in front of what steps back", () => {
  const series = curvesOption(COMPARISON.arms, COMPARISON.ks, 1, { ...LOOK, within: new Set() }).series as Drawn[];
  const lines = COMPARISON.arms.flatMap((arm) => series.flatMap((one) => (one.id === arm.name ? [{ base: arm.is_baseline, opacity: one.lineStyle.opacity, back: one.blur.lineStyle.opacity }] : [])));
  expect(lines.filter(({ base }) => base)).toEqual([{ base: true, opacity: 1, back: 1 }]);
  expect(new Set(lines.filter(({ base }) => !base).map(({ opacity }) => opacity))).toEqual(new Set([0.28]));
});
