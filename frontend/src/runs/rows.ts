/** Which runs of a sweep are shown, in which order and under which heads: as the address says. */

import type { SweepRun } from "../api/types";
import type { ViewChange } from "../shell/view";
import { byName } from "../text/order";
import { FAILURES, STATES } from "../text/words";
import { filtered, type Filters, NAMES } from "./address";
import { type Column, COLUMNS, type Context, urgency } from "./columns";

export type Grouping = "arm" | "state";

export interface RunsView extends Filters {
  /** Null: what failed first, then what moves. */
  sort: { column: string; down: boolean } | null;
  group: Grouping | null;
}

/** A head of some runs, or a run. */
export type Row = { kind: "group"; key: string; by: Grouping; name: string; runs: SweepRun[]; open: boolean } | { kind: "run"; key: string; run: SweepRun };

export function readView(parameters: URLSearchParams): RunsView {
  const read = (name: keyof Filters) => parameters.get(NAMES[name]);
  const sorted = parameters.get("runs-sort");
  const column = sorted?.replace(/^-/, "") ?? "";
  const group = parameters.get("runs-group");
  return {
    state: STATES.find((state) => state === read("state")) ?? null,
    arm: read("arm"),
    seed: read("seed"),
    worker: read("worker"),
    failure: read("failure"),
    find: read("find") ?? "",
    sort: sorted && COLUMNS.some(({ id }) => id === column) ? { column, down: sorted.startsWith("-") } : null,
    group: group === "arm" || group === "state" ? group : null,
  };
}

export const UNFILTERED: ViewChange = filtered({ state: null, arm: null, seed: null, worker: null, failure: null, find: "" });

export function isFiltered({ state, arm, seed, worker, failure, find }: Filters): boolean {
  return [state, arm, seed, worker, failure].some((one) => one !== null) || find !== "";
}

/** Up, then down, then as it was. */
export function nextSort(sort: RunsView["sort"], column: string): ViewChange {
  const next = sort?.column !== column ? column : sort.down ? null : `-${column}`;
  return { "runs-sort": next };
}

export function choose(runs: SweepRun[], view: Filters): SweepRun[] {
  const words = view.find.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter(
    (run) =>
      (view.state === null || run.status === view.state) &&
      (view.arm === null || run.arm === view.arm) &&
      (view.seed === null || String(run.seed) === view.seed) &&
      (view.worker === null || run.worker === view.worker) &&
      (view.failure === null || (run.status === "failed" && run.failure === view.failure)) &&
      words.every((word) => saysSomewhere(run, word)),
  );
}

function saysSomewhere(run: SweepRun, word: string): boolean {
  const failure = run.failure ? FAILURES[run.failure] : "";
  return [run.id, run.arm, run.status, run.worker, run.error, failure].some((part) => part !== null && String(part).toLowerCase().includes(word));
}

export function order(runs: SweepRun[], sort: RunsView["sort"], context: Context): SweepRun[] {
  const column = COLUMNS.find(({ id }) => id === sort?.column);
  if (!column) return [...runs].sort((a, b) => urgency(a) - urgency(b) || a.id - b.id);
  const places = rank(runs, column, context);
  const sign = sort?.down ? -1 : 1;
  const place = (run: SweepRun) => places.get(run.id);
  return [...runs].sort((a, b) => compare(place(a), place(b), sign) || a.id - b.id);
}

/** Each run's value as a number: names are put in order once, not at every comparison. */
function rank(runs: SweepRun[], column: Column, context: Context): Map<number, number | undefined> {
  const values = runs.map((run) => [run.id, column.value(run, context)] as const);
  const names = [...new Set(values.map(([, value]) => value).filter((value) => typeof value === "string"))];
  const places = new Map(names.sort(byName).map((name, index) => [name, index]));
  return new Map(values.map(([id, value]) => [id, typeof value === "string" ? places.get(value) : (value ?? undefined)]));
}

/** What has no value comes last, whichever way. */
function compare(a: number | undefined, b: number | undefined, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return sign * (a - b);
}

/** Under heads in the order in which their first runs come, or that of the states. */
export function arrange(runs: SweepRun[], group: Grouping | null, closed: ReadonlySet<string>): Row[] {
  const rows = (some: SweepRun[]): Row[] => some.map((run) => ({ kind: "run", key: String(run.id), run }));
  if (!group) return rows(runs);
  const heads = new Map<string, SweepRun[]>();
  for (const run of runs) {
    const name = group === "arm" ? run.arm : run.status;
    const under = heads.get(name);
    if (under) under.push(run);
    else heads.set(name, [run]);
  }
  return [...heads].flatMap(([name, under]) => {
    const open = !closed.has(name);
    return [{ kind: "group", key: `${group} ${name}`, by: group, name, runs: under, open }, ...(open ? rows(under) : [])];
  });
}

/** The values that occur, for a choice among them. */
export function occurring(runs: SweepRun[], read: (run: SweepRun) => string | number | null): string[] {
  const found = new Set(runs.map(read).filter((value) => value !== null).map(String));
  return [...found].sort(byName);
}
