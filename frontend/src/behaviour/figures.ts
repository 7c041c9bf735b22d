/** What of a sweep's figures is shown: which arms, after which step, which kinds of words and sentences. */

import type { ArmFigures, CollapseOfRun, Figure, Inquiry, KindFigures, SweepBehaviour } from "../api/types";

/** What stands for an arm's name where the untrained model is looked at, after step 0. */
export const UNTRAINED = "untrained";

/** The first is what the tab is about, and is shown unless another is asked for. */
export const MEASURES = ["mean", "gap", "per_thousand"] as const;
export type Measure = (typeof MEASURES)[number];

export const MEASURE_NAMES: Record<Measure, string> = {
  mean: "mean entropy, nats",
  gap: "entropy above the rest, nats",
  per_thousand: "how often, per 1,000 tokens",
};

/** A kind of words or of sentences. */
export interface Kind {
  name: string;
  of: KindFigures["of"];
  /** As it is written in the page. */
  title: string;
  /** In an address. */
  id: string;
}

/** The name of all pivotal words together. */
export const ALL = "all";

export function kindsOf(behaviour: SweepBehaviour): Kind[] {
  const settings = chosenInquiry(behaviour)?.settings;
  const words = Object.keys(settings?.lexicon.words ?? {}).map((name): Kind => ({ name, of: "words", title: name, id: name }));
  const sentences: Kind[] = [
    ...((settings?.lexicon.reflective ?? []).length > 0 ? [kindOf("reflective")] : []),
    ...(settings?.rare ? [kindOf("rare")] : []),
  ];
  const [only] = words;
  // Of a single category all words together would say the same again.
  return [...(words.length > 1 ? [{ name: ALL, of: "words" as const, title: "all pivotal words", id: ALL }] : []), ...(only ? words : []), ...sentences];
}

function kindOf(name: string): Kind {
  return { name, of: "sentences", title: `${name} sentences`, id: `${name} sentences` };
}

export function chosenInquiry({ inquiries, inquiry }: SweepBehaviour): Inquiry | undefined {
  return inquiries.find(({ key }) => key === inquiry);
}

export function isOf(kind: Kind): (figures: { name: string; of: string }) => boolean {
  return ({ name, of }) => name === kind.name && of === kind.of;
}

export function findKind(arm: ArmFigures | undefined, kind: Kind): KindFigures | undefined {
  return arm?.kinds.find(isOf(kind));
}

/** Which steps some arm was looked at after, rising; the untrained model's apart. */
export function stepsOf({ arms }: SweepBehaviour): number[] {
  return [...new Set(arms.map(({ step }) => step))].filter((step) => step > 0).sort((a, b) => a - b);
}

/** Each arm after that step, null for its last; the untrained model has one alone. */
export function armsAt({ arms }: SweepBehaviour, step: number | null): ArmFigures[] {
  const last = new Map(arms.map((arm) => [arm.arm, arm.step]));
  return arms.filter((arm) => arm.step === 0 || arm.step === (step ?? last.get(arm.arm)));
}

export function isUntrained({ step }: { step: number }): boolean {
  return step === 0;
}

/** An arm's figures step by step: every run began as the untrained model. */
export function courseOf({ arms }: SweepBehaviour, arm: string): ArmFigures[] {
  const own = arms.filter((one) => one.arm === arm && one.step > 0);
  return [...arms.filter(isUntrained), ...own].sort((a, b) => a.step - b.step);
}

/** The arms that were looked at after any training, in the order of the sweep. */
export function trainedArms({ arms }: SweepBehaviour): string[] {
  return [...new Set(arms.filter((arm) => !isUntrained(arm)).map(({ arm }) => arm))];
}

/** Runs that were scored, each with its steps; the untrained model is the beginning of all. */
export interface Trajectory {
  arm: string;
  seed: number;
  points: CollapseOfRun[];
}

export function trajectoriesOf({ collapses }: SweepBehaviour): Trajectory[] {
  const start = collapses.filter(isUntrained);
  const runs = new Map<number | null, Trajectory>();
  for (const one of collapses.filter(({ step }) => step > 0)) {
    const known = runs.get(one.subject_id) ?? { arm: one.arm, seed: one.seed ?? 0, points: start };
    runs.set(one.subject_id, { ...known, points: [...known.points, one].sort((a, b) => a.step - b.step) });
  }
  return [...runs.values()];
}

export function isKnown(figure: Figure | undefined): figure is Figure & { value: number } {
  return figure?.value != null;
}

/** Whether its interval leaves zero out; null where it has none. */
export function excludesZero({ low, high }: Figure): boolean | null {
  return low == null || high == null ? null : low > 0 || high < 0;
}
