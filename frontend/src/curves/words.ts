/** What the page says of curves: how much is shown, what is missing, and how they were made. */

import type { Series } from "../api/types";
import { tip } from "../charts/options";
import { count, measure, NOTHING, PERCENT, plural, span } from "../text/numbers";
import { placeWords } from "./axes";
import { readAt, type Curve } from "./curve";
import { GRID, SMOOTHINGS, type Smoothing, type Spread } from "./means";
import { styleOf, type Look } from "./option";
import type { XAxis, Zoom } from "./drawing";
import type { Lines } from "./view";

/** "Showing 500 of 12,000 points", or that all of them are. */
export function shownWords(series: Series[], zoom: Zoom | null): string {
  const total = series.reduce((sum, one) => sum + one.total, 0);
  const where = zoom ? " here" : "";
  if (!series.some((one) => one.means)) return `All ${plural(total, "point")}${where}.`;
  const kept = series.reduce((sum, one) => sum + countInside(one, zoom), 0);
  return `Showing ${count(kept)} of ${count(total)} points${where}.`;
}

function countInside({ steps, xs }: Series, zoom: Zoom | null): number {
  return zoom ? (xs ?? steps).filter((x) => x >= zoom[0] && x <= zoom[1]).length : steps.length;
}

/** "not a number from step 42", or how many such values there are. */
export function gapWords({ gap }: Series): string {
  if (!gap) return "";
  if (gap.lasting) return `not a number from step ${count(gap.first)}`;
  return `${plural(gap.count, "value")} not a number, the first at step ${count(gap.first)}`;
}

/** One for each run with a gap: "grpo, seed 1: not a number from step 42". */
export function gapLines(series: Series[]): { run: number; words: string }[] {
  return series.filter((one) => one.gap).map((one) => ({ run: one.run_id, words: `${one.arm}, seed ${one.seed}: ${gapWords(one)}` }));
}

export function droppedWords(dropped: number): string {
  return dropped === 0 ? "" : `${plural(dropped, "shown point")} at or below zero cannot stand on a logarithmic axis.`;
}

/** How the lines came about, once for all charts. */
export function makingWords({ lines, x, smoothing }: { lines: Lines; x: XAxis; smoothing: Smoothing }): string {
  const parts: string[] = [];
  if (lines === "runs") parts.push("Each line is a run.");
  else {
    parts.push("Lines are means over seeds; a seed takes part as far as it has come.");
    parts.push("Bands are 95\u00a0% intervals of Student’s t over three seeds or more, place by place; what goes beyond a plot is cut off.");
    parts.push("Where a seed reported what is not a number, its arm has a gap.");
    if (x !== "step") {
      const what = x === "tokens" ? "token counts" : "times";
      parts.push(`Where seeds report at different ${what}, each is read between its own reports, at ${GRID} even ${what}.`);
    }
  }
  parts.push("Of many points the lowest and the highest of each stretch are shown, and means of stretches for lines over seeds.");
  if (smoothing !== "none") {
    const percent = Math.round(SMOOTHINGS[smoothing] * 100);
    parts.push(`Smoothed: each point is the mean of its neighbours within ${percent}${PERCENT} of what is shown on either side, seed by seed; what it was before is faint behind.`);
  }
  return parts.join(" ");
}

/** What every curve is at one place, the highest first. */
export function readingAt(curves: Curve[], x: number, axis: XAxis, look: Look): HTMLElement {
  const rows = curves
    .flatMap((curve) => {
      const spread = readAt(curve, x);
      return spread ? [{ curve, spread }] : [];
    })
    .sort((a, b) => (b.spread.mean ?? -Infinity) - (a.spread.mean ?? -Infinity));
  return tip(
    placeWords(axis, x),
    rows.map(({ curve, spread }) => ({
      name: curve.run ? `${curve.arm}, seed ${curve.run.seed}` : curve.arm,
      color: styleOf(curve, look).color,
      style: styleOf(curve, look),
      value: spread.mean === null ? "not a number" : measure(spread.mean),
      note: curve.run ? "" : noteOf(spread),
    })),
  );
}

function noteOf({ mean, half, seeds }: Spread): string {
  const interval = mean === null || half === null ? NOTHING : span({ low: mean - half, high: mean + half }, measure);
  return `${interval}, n = ${seeds}`;
}
