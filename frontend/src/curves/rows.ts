/** What a chart of curves shows, as rows for a file. */

import type { Cell } from "../text/csv";
import type { Curve, Making } from "./curve";
import type { Spread } from "./means";

/** Every drawn place of every line, unrounded. */
export function curveRows(name: string, curves: Curve[], making: Making): Cell[][] {
  const runs = making.lines === "runs";
  const value = making.smoothing === "none" ? name : `${name} (smoothed: ${making.smoothing})`;
  const header: Cell[] = runs ? ["run", "arm", "seed", making.x, value] : ["arm", making.x, value, "low", "high", "seeds"];
  const rows = curves.flatMap((curve) =>
    curve.spreads
      .filter(({ x }) => !making.zoom || (x >= making.zoom[0] && x <= making.zoom[1]))
      .map((spread): Cell[] => (curve.run ? [curve.run.id, curve.arm, curve.run.seed, spread.x, spread.mean] : ofArm(curve.arm, spread))),
  );
  return [header, ...rows];
}

function ofArm(arm: string, { x, mean, half, seeds }: Spread): Cell[] {
  const known = mean !== null && half !== null;
  return [arm, x, mean, known ? mean - half : null, known ? mean + half : null, seeds];
}
