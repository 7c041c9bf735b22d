/** The same done to many runs at once: what the page asks for, and what came of each. */

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client } from "../api/client";
import type { RunResult, RunStatus, SweepRun } from "../api/types";
import { runsKey } from "../live/events";
import type { KeptRuns } from "../live/patches";

export type BatchVerb = "cancel" | "retry";

const POSSIBLE: Record<BatchVerb, RunStatus[]> = { cancel: ["queued", "running"], retry: ["failed", "cancelled"] };

export function eligible(verb: BatchVerb, runs: SweepRun[]): SweepRun[] {
  return runs.filter(({ status }) => POSSIBLE[verb].includes(status));
}

interface Batch {
  verb: BatchVerb;
  ids: number[];
  reason: string;
}

export function useBatch(sweep: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, ids, reason }: Batch) => ask(client.POST(`/api/runs/${verb}`, { body: { ids, reason } })),
    onSuccess: (results) => {
      queries.setQueryData<KeptRuns>(runsKey(sweep), (kept) => kept && withResults(kept, results));
      for (const queryKey of [["sweep", sweep], ["sweeps"], ["queue"], ["run"]]) void queries.invalidateQueries({ queryKey });
    },
  });
}

/** At once, without waiting for the stream to tell the same. */
function withResults(kept: KeptRuns, results: RunResult[]): KeptRuns {
  const now = new Map(results.map(({ id, status }) => [id, status]));
  const runs = kept.runs.map((run) => {
    const status = now.get(run.id) ?? run.status;
    return status === run.status ? run : { ...run, status };
  });
  return { ...kept, runs };
}
