/**
 * Brushing: on some axes the reader keeps a stretch, and an arm stays if it passes through all of
 * them. In the address a brush is `alpha:0.1..0.4~pass@8:0.6..0.7`.
 */

import type { ComparedArm } from "../api/types";
import type { Axis } from "./axes";

/** The ends of a stretch in places of its axis; either may be open. */
export type Stretch = [low: number, high: number];

/** By axis. */
export type Brush = Map<string, Stretch>;

const ENTRY = /^(.+?):(.*)\.\.(.*)$/;
const DIGITS = 4;
/** Around steps, so that a stretch of one can be seen and dragged. */
const MARGIN = 0.4;

/** What of the address can be understood, on the axes there are. */
export function readBrush(entries: string[], axes: Axis[]): Brush {
  return new Map(
    entries.flatMap((entry): [string, Stretch][] => {
      const [, id, from = "", to = ""] = ENTRY.exec(entry) ?? [];
      const axis = axes.find((one) => one.id === id);
      const stretch = axis && readStretch(axis, from, to);
      return axis && stretch ? [[axis.id, stretch]] : [];
    }),
  );
}

function readStretch(axis: Axis, from: string, to: string): Stretch | null {
  const low = from === "" ? -Infinity : placeOf(axis, from);
  const high = to === "" ? Infinity : placeOf(axis, to);
  if (low === null || high === null || (from === "" && to === "")) return null;
  return axis.kind === "steps" ? [low - MARGIN, high + MARGIN] : [low, high];
}

function placeOf(axis: Axis, text: string): number | null {
  if (axis.kind === "steps") {
    const step = axis.steps.indexOf(text);
    return step < 0 ? null : step;
  }
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** For the address: entries of axes that are not shown now are kept. */
export function writeBrush(brush: Brush, axes: Axis[], entries: string[]): string[] {
  const shown = new Set(axes.map(({ id }) => id));
  const others = entries.filter((entry) => !shown.has(ENTRY.exec(entry)?.[1] ?? ""));
  const own = axes.flatMap((axis) => {
    const stretch = brush.get(axis.id);
    const words = stretch && writeStretch(axis, stretch);
    return words ? [`${axis.id}:${words}`] : [];
  });
  return [...others, ...own];
}

function writeStretch(axis: Axis, [low, high]: Stretch): string | null {
  if (axis.kind === "result") {
    const ends = [low, high].map((end) => (Number.isFinite(end) ? String(Number(end.toPrecision(DIGITS))) : ""));
    return ends.every((end) => end === "") ? null : ends.join("..");
  }
  const steps = axis.steps.filter((_, place) => place >= low && place <= high);
  return steps.length === 0 ? null : `${steps[0]}..${steps.at(-1)}`;
}

/** The arms that pass through every stretch; null without any, for then nothing steps back. */
export function withinBrush(arms: ComparedArm[], axes: Axis[], brush: Brush): Set<string> | null {
  const brushed = axes.flatMap((axis) => {
    const stretch = brush.get(axis.id);
    return stretch ? [{ axis, stretch }] : [];
  });
  if (brushed.length === 0) return null;
  const passes = (arm: ComparedArm) =>
    brushed.every(({ axis, stretch: [low, high] }) => {
      const place = axis.place(arm);
      return place !== null && place >= low && place <= high;
    });
  return new Set(arms.filter(passes).map(({ name }) => name));
}

/** "alpha 0.1 to 0.4, pass@8 at least 60.0 %" */
export function brushWords(brush: Brush, axes: Axis[]): string {
  return axes
    .flatMap((axis) => {
      const stretch = brush.get(axis.id);
      return stretch ? [`${axis.title} ${stretchWords(axis, stretch)}`] : [];
    })
    .join(", ");
}

function stretchWords(axis: Axis, [low, high]: Stretch): string {
  if (axis.kind === "steps") {
    const steps = axis.steps.filter((_, place) => place >= low && place <= high).map(axis.write);
    return steps.length === 1 ? String(steps[0]) : `${steps[0]} to ${steps.at(-1)}`;
  }
  if (!Number.isFinite(low)) return `at most ${axis.write(high)}`;
  if (!Number.isFinite(high)) return `at least ${axis.write(low)}`;
  return `${axis.write(low)} to ${axis.write(high)}`;
}
