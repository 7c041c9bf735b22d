/** The axes of the parallel coordinates: what was swept, and what came of it. */

import type { ComparedArm, Comparison, SweepDetail } from "../api/types";
import { measure, percent } from "../text/numbers";
import { METHOD_NAMES } from "../text/words";
import { armSubject } from "./diff";

type PlannedArm = SweepDetail["arms_list"][number];

/** A swept setting: its values are steps, evenly spaced. */
interface StepAxis {
  kind: "steps";
  id: string;
  title: string;
  /** From the bottom up; arms without the setting stand on `NONE`. */
  steps: string[];
  /** How a step is written. */
  write: (step: string) => string;
  place: (arm: ComparedArm) => number | null;
}

/** A result. */
interface ResultAxis {
  kind: "result";
  id: string;
  title: string;
  place: (arm: ComparedArm) => number | null;
  /** How a value is written, and how many of what is written make 1. */
  write: (value: number) => string;
  scale: number;
}

export type Axis = StepAxis | ResultAxis;

/** What an arm stands on that does not have the setting. */
export const NONE = "none";

const PERCENT = { write: percent, scale: 100 };

export function axesOf({ arms, ks }: Comparison, planned: PlannedArm[], k: number): Axis[] {
  const names = new Set(arms.map(({ name }) => name));
  const subjects = planned.filter(({ name }) => names.has(name)).map(armSubject);
  const settings = new Map(subjects.map(({ id, settings: own }) => [id, own]));
  const swept = Array.from(new Set(subjects.flatMap((subject) => Array.from(subject.settings.keys()))));
  const results = [1, k].filter((one, at, both) => ks.includes(one) && both.indexOf(one) === at);
  return [
    ...swept.flatMap((name) => stepAxis(name, arms, settings)),
    ...results.map((one): Axis => ({ kind: "result", id: `pass@${one}`, title: `pass@${one}`, place: (arm) => arm.pass_at?.[ks.indexOf(one)]?.mean ?? null, ...PERCENT })),
    { kind: "result", id: "entropy", title: "entropy", place: (arm) => arm.entropy, write: measure, scale: 1 },
  ];
}

/** None where fewer than two values were tried: such an axis tells no arms apart. */
function stepAxis(name: string, arms: ComparedArm[], settings: Map<string, Map<string, string>>): StepAxis[] {
  const valueOf = (arm: ComparedArm) => settings.get(arm.name)?.get(name);
  const values = Array.from(new Set(arms.flatMap((arm) => valueOf(arm) ?? [])));
  if (values.length < 2) return [];
  if (values.every((value) => Number.isFinite(Number(value)))) values.sort((a, b) => Number(a) - Number(b));
  const steps = arms.some((arm) => valueOf(arm) === undefined) ? [NONE, ...values] : values;
  const title = name.replace("train.", "").replaceAll("_", " ");
  const write = (step: string) => (name === "method" ? (METHOD_NAMES[step] ?? step) : step);
  return [{ kind: "steps", id: name, title, steps, write, place: (arm) => steps.indexOf(valueOf(arm) ?? NONE) }];
}

/** The ends of an axis; steps have half a step of air, results a little. */
export function extentOf(axis: Axis, arms: ComparedArm[]): [number, number] {
  if (axis.kind === "steps") return [-0.5, axis.steps.length - 0.5];
  const places = arms.flatMap((arm) => axis.place(arm) ?? []);
  if (places.length === 0) return [0, 1];
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - air, high + air];
}

/** An arm's value on an axis in words. */
export function wordsOn(axis: Axis, arm: ComparedArm): string | null {
  const place = axis.place(arm);
  if (place === null) return null;
  return axis.kind === "steps" ? stepOn(axis, place) : axis.write(place);
}

/** Empty where there is none. */
export function stepOn({ steps, write }: Extract<Axis, { kind: "steps" }>, place: number): string {
  const step = steps[place];
  return step === undefined ? "" : write(step);
}
