/** The settings of arms and runs, side by side: only what differs. */

import type { RunDetail, SweepDetail } from "../api/types";

type PlannedArm = SweepDetail["arms_list"][number];

/** Something whose settings can be set beside another's. */
export interface Subject {
  /** As the address names it. */
  id: string;
  name: string;
  /** By name, in words. */
  settings: Map<string, string>;
}

export interface DifferingRow {
  setting: string;
  /** One for each subject; null where it has no such setting. */
  values: (string | null)[];
}

export interface Differences {
  rows: DifferingRow[];
  /** How many settings all of them share. */
  same: number;
}

const RUN = /^run:(\d+)$/;

export function runSubject(run: number): string {
  return `run:${run}`;
}

/** The run that a subject of the address is; null for an arm. */
export function runOf(subject: string): number | null {
  const [, id] = RUN.exec(subject) ?? [];
  return id === undefined ? null : Number(id);
}

/** Of an arm: its method with parameters, and how it is trained. What else a run has is the sweep's. */
export function armSubject({ name, method, train }: PlannedArm): Subject {
  const replica = /(?:^|[/,])replica=([^,]+)/.exec(name)?.[1] ?? "0";
  return { id: name, name, settings: settingsOf({ ...flat(method, ""), replica, ...flat(train, "train.") }) };
}

/** Of a run: everything that determines its result, and what it ran on and with. */
export function runDetailSubject({ id, arm, spec, attempts }: RunDetail): Subject {
  const { method, train, eval: evaluation, model_settings, task_settings, ...rest } = spec;
  const last = attempts.at(-1);
  const settings = settingsOf({
    ...flat(method, ""),
    ...flat(rest, ""),
    ...flat(train, "train."),
    ...flat(evaluation, "eval."),
    ...flat(model_settings, "model_settings."),
    ...flat(task_settings, "task_settings."),
    ...flat({ device: last?.device.split(":")[0] }, ""),
    ...flat(last?.versions, "version of "),
  });
  return { id: runSubject(id), name: `run ${id}: ${arm}, seed ${spec.seed}`, settings };
}

/** One level of an object, or of those within it, by dotted names. */
function flat(value: unknown, prefix: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]): [string, unknown][] =>
      isPlain(inner) ? Object.entries(flat(inner, `${prefix}${name}.`)) : [[prefix + name, inner]],
    ),
  );
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function settingsOf(values: Record<string, unknown>): Map<string, string> {
  return new Map(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, inWords(value)]])));
}

/** Numbers with every digit they have: rounded, two that differ could look the same. */
function inWords(value: unknown): string {
  if (value === null) return "none";
  return Array.isArray(value) ? value.map(inWords).join(", ") : String(value);
}

/** Settings are the same where all have them with equal words. */
export function differences(subjects: Subject[]): Differences {
  const names = Array.from(new Set(subjects.flatMap(({ settings }) => Array.from(settings.keys()))));
  const shared = subjects.some(({ id }) => runOf(id) === null) ? names.filter(isOfArms) : names;
  const all = shared.map((setting): DifferingRow => ({ setting, values: subjects.map(({ settings }) => settings.get(setting) ?? null) }));
  const rows = all.filter(({ setting, values }) => new Set(isOfTraining(setting) ? values.filter((value) => value !== null) : values).size > 1);
  return { rows, same: all.length - rows.length };
}

/** What runs have besides is left out beside an arm, which says nothing of it. */
function isOfArms(setting: string): boolean {
  return isOfTraining(setting) || !RUNS_ONLY.some((start) => setting.startsWith(start));
}

const RUNS_ONLY = ["model", "task", "eval.", "seed", "analysis", "device", "version of "];

/** An untrained model has none of these, which its method says once for all. */
function isOfTraining(setting: string): boolean {
  return setting.startsWith("train.");
}
