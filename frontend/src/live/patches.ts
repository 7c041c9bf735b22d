/** What is kept of a sweep's runs, brought up to date row by row: rows that did not change stay the same objects. */

import type { RunSummary, SweepRuns } from "../api/types";

/** Without a cursor, everything is asked for anew the next time. */
export type KeptRuns = Omit<SweepRuns, "cursor"> & { cursor: string | null };

export function patched(kept: KeptRuns, changed: RunSummary[], cursor: string | null): KeptRuns {
  if (changed.length === 0) return kept;
  const byId = new Map(changed.map((run) => [run.id, run]));
  const runs = kept.runs.map((run) => {
    const now = byId.get(run.id);
    return now ? { ...run, ...now } : run;
  });
  return { ...kept, runs, cursor };
}

/** What the stream told of a sweep's runs while their list was being read. */
export interface Heard {
  runs: RunSummary[];
  cursor: string | null;
  /** Nothing was heard before it. */
  begins: boolean;
}

/** What was read, with what was heard meanwhile and may be newer: never older than the answer, as `cursor` tells. */
export function withHeard(read: KeptRuns, heard: readonly Heard[]): KeptRuns {
  const later = heard.filter(({ cursor }) => Number(cursor) >= Number(read.cursor));
  return later.reduce((now, { runs, cursor }) => patched(now, runs, cursor), read);
}

/** Whether something may have happened after what was read, and before anybody listened. */
export function hasGap({ cursor }: KeptRuns, heard: readonly Heard[]): boolean {
  return heard.some((one) => one.begins && Number(one.cursor) > Number(cursor));
}

/** With what was asked for by the cursor: rows that are new come last, as in an extended sweep. */
export function joined(kept: KeptRuns, later: SweepRuns): KeptRuns {
  const known = new Set(kept.runs.map(({ id }) => id));
  const added = later.runs.filter(({ id }) => !known.has(id));
  const names = new Map([...kept.sweeps, ...later.sweeps].map((sweep) => [sweep.id, sweep]));
  const now = patched(kept, later.runs, later.cursor);
  return { runs: added.length > 0 ? [...now.runs, ...added] : now.runs, sweeps: [...names.values()], cursor: later.cursor };
}
