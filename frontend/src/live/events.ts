/** What the events of the stream do to what is kept, and whom they concern. */

import type { QueryClient } from "@tanstack/react-query";

import type { ChangedEvent, RunsEvent, RunStatus, SweepDetail } from "../api/types";
import { hasGap, type KeptRuns, patched } from "./patches";
import { hold } from "./readings";
import type { Topic } from "./topics";

const ENDS: RunStatus[] = ["succeeded", "failed", "cancelled"];

export function runsKey(sweep: number) {
  return ["sweep-runs", sweep];
}

/** The stream begins at `cursor`: what happened between the last reading and that is told by nobody. */
export function beginHearing(queries: QueryClient, sweep: number, cursor: string): void {
  const heard = { runs: [], cursor, begins: true };
  hold(queries, sweep, heard);
  const kept = queries.getQueryData<KeptRuns>(runsKey(sweep));
  if (kept && hasGap(kept, [heard])) void queries.invalidateQueries({ queryKey: runsKey(sweep) });
}

/** Brings the runs and the progress of the sweep up to date; answers what hears of it besides. */
export function takeRuns(queries: QueryClient, event: RunsEvent, cursor: string | null): Topic[] {
  const id = event.sweep_id;
  hold(queries, id, { runs: event.runs, cursor, begins: false });
  const kept = queries.setQueryData<KeptRuns>(runsKey(id), (old) => old && patched(old, event.runs, cursor));
  if (kept && kept.runs.length !== event.progress.total) askWhole(queries, id);
  queries.setQueryData<SweepDetail>(["sweep", id], (old) => old && { ...old, progress: event.progress });
  return event.runs.some(({ status }) => ENDS.includes(status)) ? [{ of: "sweep", id, when: "ended" }] : [];
}

/** The list has gained or lost rows that no event tells of, as when a sweep is extended by runs of another. */
function askWhole(queries: QueryClient, sweep: number): void {
  queries.setQueryData<KeptRuns>(runsKey(sweep), (old) => old && { ...old, cursor: null });
  void queries.invalidateQueries({ queryKey: runsKey(sweep) });
}

export function topicsOf({ sweeps, measured, runs, workers }: ChangedEvent): Topic[] {
  const steered: Topic[] = sweeps.map((id) => ({ of: "sweep", id, when: "moved" }));
  // What a run recorded last may have come with its end.
  const recorded: Topic[] = [...new Set([...measured, ...sweeps])].map((id) => ({ of: "sweep", id, when: "measured" }));
  const single: Topic[] = runs.map((id) => ({ of: "run", id }));
  const lists: Topic[] = sweeps.length > 0 ? [{ of: "sweeps" }] : [];
  const fleet: Topic[] = workers ? [{ of: "workers" }] : [];
  const queue: Topic[] = workers || sweeps.length > 0 ? [{ of: "queue" }] : [];
  return [...steered, ...recorded, ...single, ...lists, ...fleet, ...queue];
}

/** Nothing that is kept can be trusted to be current. */
export function distrust(queries: QueryClient): void {
  queries.setQueriesData<KeptRuns>({ queryKey: ["sweep-runs"] }, (old) => old && { ...old, cursor: null });
  void queries.invalidateQueries();
}
