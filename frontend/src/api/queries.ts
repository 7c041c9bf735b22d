/**
 * What the page reads. A query says what it follows, and news of that make it ask anew (`live/`); where no
 * stream can be had it asks by itself, quickly while something runs and slowly otherwise.
 */

import { keepPreviousData, type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import { runsKey } from "../live/events";
import { hasGap, joined, type KeptRuns, withHeard } from "../live/patches";
import { hearingOf } from "../live/readings";
import { useFollowing, useLiveState } from "../live/useLive";
import { ask, client } from "./client";
import type { Comparison, Conclusion, ConfirmationRequest, ExtensionRequest, Progress, RunStatus, SweepDetail, SweepSort, SweepSpec } from "./types";

export const BUSY_MS = 2000;
export const IDLE_MS = 15_000;

export function isUnfinished(progress: Progress): boolean {
  return progress.queued + progress.running + progress.cancelling > 0;
}

export function isLive(status: RunStatus): boolean {
  return status === "queued" || status === "running" || status === "cancelling";
}

export function pace(busy: boolean): number {
  return busy ? BUSY_MS : IDLE_MS;
}

export function useCatalogue() {
  return useQuery({
    queryKey: ["catalogue"],
    queryFn: () => ask(client.GET("/api/catalogue")),
    staleTime: Infinity,
  });
}

/** Which sweeps are listed, in which order, and which page of them. */
export interface SweepsView {
  search: string;
  archived: boolean;
  sort: SweepSort;
  limit: number;
  offset: number;
}

export function useSweeps(view: SweepsView) {
  const { polling } = useLiveState();
  return useQuery({
    queryKey: ["sweeps", view],
    queryFn: () => ask(client.GET("/api/sweeps", { params: { query: view } })),
    placeholderData: keepPreviousData,
    meta: { follows: { of: "sweeps" } },
    refetchInterval: (query) => polling && pace(query.state.data?.sweeps.some((sweep) => isUnfinished(sweep.progress)) ?? true),
  });
}

export function sweepQuery(id: number) {
  return queryOptions({
    queryKey: ["sweep", id],
    queryFn: () => ask(client.GET("/api/sweeps/{id}", { params: { path: { id } } })),
  });
}

export function useSweep(id: number) {
  const { polling } = useLiveState();
  return useQuery({
    ...sweepQuery(id),
    enabled: Number.isInteger(id),
    meta: { follows: { of: "sweep", id, when: "moved" } },
    refetchInterval: (query) => polling && pace(!query.state.data || isUnfinished(query.state.data.progress)),
  });
}

/** Every run of the sweep, for its list and for questions about them. The stream keeps it up to date row by row. */
export function useSweepRuns(id: number, busy: boolean, enabled = true) {
  const queries = useQueryClient();
  const { polling } = useLiveState();
  return useQuery({
    queryKey: runsKey(id),
    queryFn: () => readRuns(queries, id),
    enabled,
    staleTime: Infinity,
    refetchInterval: polling && pace(busy),
  });
}

/** Only what changed since, unless so many rows have come or gone that the list is not whole; with what was heard meanwhile. */
function readRuns(queries: QueryClient, id: number): Promise<KeptRuns> {
  const read = (after?: string | null) =>
    ask(client.GET("/api/sweeps/{id}/runs", { params: { path: { id }, query: after ? { after: Number(after) } : {} } }));
  const kept = () => queries.getQueryData<KeptRuns>(runsKey(id));
  return hearingOf(queries, id, async (heard) => {
    const before = kept();
    const answer = await read(before?.cursor);
    let now: KeptRuns = before?.cursor ? joined(kept() ?? before, answer) : answer;
    if (hasGap(now, heard)) now = joined(now, await read(now.cursor));
    const total = queries.getQueryData<SweepDetail>(["sweep", id])?.progress.total ?? now.runs.length;
    return withHeard(total === now.runs.length ? now : await read(), heard);
  });
}

/** What was shown before of the same thing stays until the new comes. */
function ofSame(id: number) {
  return <T>(previous: T | undefined, query?: { queryKey: readonly unknown[] }) =>
    query?.queryKey[1] === id ? previous : undefined;
}

/** The figures at the ks that a slider stops at, and at `k` where it is none of them; null for the sweep's own baseline. */
export function comparisonQuery(id: number, baseline: string | null, k: number | null) {
  return queryOptions({
    queryKey: ["comparison", id, baseline, k],
    queryFn: () => ask(client.GET("/api/sweeps/{id}/comparison", { params: { path: { id }, query: { baseline, k, thin: true } } })),
  });
}

/** Asked anew whenever a run of the sweep has ended. */
export function useComparison(id: number, baseline: string | null, busy: boolean, k: number | null = null) {
  return useQuery({
    ...comparisonQuery(id, baseline, k),
    placeholderData: ofSame(id),
    ...useFollowing({ of: "sweep", id, when: "ended" }, busy ? 5000 : IDLE_MS * 4),
  });
}

/** The figures at every k there is: many, for a file. */
export function readWholeComparison({ sweep_id: id, baseline }: Comparison): Promise<Comparison> {
  return ask(client.GET("/api/sweeps/{id}/comparison", { params: { path: { id }, query: { baseline } } }));
}

/** The words at `k`; until they come, those shown before stay. The figures are not sent again. */
export function useConclusion(comparison: Comparison, k: number, busy: boolean) {
  const { sweep_id: id, submitted_baseline: own } = comparison;
  const baseline = comparison.baseline === own ? null : comparison.baseline;
  return useQuery<Conclusion>({
    queryKey: ["conclusion", id, baseline, k],
    queryFn: () =>
      ask(client.GET("/api/sweeps/{id}/conclusion", { params: { path: { id }, query: { k, baseline } } })),
    ...(k === comparison.k && { initialData: comparison }),
    placeholderData: ofSame(id),
    ...useFollowing({ of: "sweep", id, when: "ended" }, busy ? 5000 : IDLE_MS * 4),
  });
}

/** One run, for those who need several at once. */
export function runQuery(id: number) {
  return queryOptions({
    queryKey: ["run", id],
    queryFn: () => ask(client.GET("/api/runs/{id}", { params: { path: { id } } })),
  });
}

export function useRun(id: number) {
  const { polling } = useLiveState();
  return useQuery({
    ...runQuery(id),
    enabled: Number.isInteger(id),
    meta: { follows: { of: "run", id } },
    refetchInterval: (query) => polling && pace(!query.state.data || isLive(query.state.data.status)),
  });
}

export function useRunLog(id: number, busy: boolean) {
  return useQuery({
    queryKey: ["run-log", id],
    queryFn: () => ask(client.GET("/api/runs/{id}/log", { params: { path: { id } } })),
    ...useFollowing({ of: "run", id }, pace(busy)),
  });
}

export function useWorkers() {
  const { polling } = useLiveState();
  return useQuery({
    queryKey: ["workers"],
    queryFn: () => ask(client.GET("/api/workers")),
    meta: { follows: { of: "workers" } },
    // When each was heard of last is no news, and is shown all the same.
    refetchInterval: polling ? 5000 : 10_000,
  });
}

/** `sweep` is a text where that is not YAML: the API says what is wrong with it. */
export function usePreview(sweep: SweepSpec | string | null, key: string) {
  return useQuery({
    queryKey: ["preview", key],
    queryFn: () => ask(client.POST("/api/sweeps/preview", { body: sweep as SweepSpec, ...(typeof sweep === "string" && AS_YAML) })),
    enabled: sweep !== null,
    retry: false,
    staleTime: 30_000,
  });
}

const AS_YAML = { bodySerializer: String, headers: { "Content-Type": "application/yaml" } };

/** `request` is a ConfirmationRequest as JSON. */
export function useConfirmationPreview(id: number, request: string | null) {
  return useQuery({
    queryKey: ["confirmation-preview", id, request],
    queryFn: () =>
      ask(
        client.POST("/api/sweeps/{id}/confirmations/preview", {
          params: { path: { id } },
          body: JSON.parse(request ?? "{}") as ConfirmationRequest,
        }),
      ),
    enabled: request !== null,
    retry: false,
    gcTime: 0,
  });
}

/** `request` is an ExtensionRequest as JSON. */
export function useExtensionPreview(id: number, request: string | null) {
  return useQuery({
    queryKey: ["extension-preview", id, request],
    queryFn: () =>
      ask(
        client.POST("/api/sweeps/{id}/extensions/preview", {
          params: { path: { id } },
          body: JSON.parse(request ?? "{}") as ExtensionRequest,
        }),
      ),
    enabled: request !== null,
    retry: false,
    gcTime: 0,
  });
}

/** Who did what to a sweep or a run, newest first. */
export function useActions(subject: "sweep" | "run", id: number) {
  return useQuery({
    queryKey: ["actions", subject, id],
    queryFn: () => {
      const params = { path: { id }, query: { limit: 200 } };
      return ask(subject === "sweep" ? client.GET("/api/sweeps/{id}/actions", { params }) : client.GET("/api/runs/{id}/actions", { params }));
    },
    ...useFollowing(subject === "sweep" ? { of: "sweep", id, when: "moved" } : { of: "run", id }, IDLE_MS),
  });
}

export function useAttemptRecord(id: number, number: number) {
  return useQuery({
    queryKey: ["record", id, number],
    queryFn: () => ask(client.GET("/api/runs/{id}/attempts/{number}/record", { params: { path: { id, number } } })),
  });
}

export function useQueue(limit: number) {
  return useQuery({
    queryKey: ["queue", limit],
    queryFn: () => ask(client.GET("/api/queue", { params: { query: { limit } } })),
    placeholderData: keepPreviousData,
    ...useFollowing({ of: "queue" }, 5000),
  });
}
