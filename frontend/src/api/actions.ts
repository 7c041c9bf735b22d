/** What the page asks the API to change. Each refreshes what it touched. */

import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

import { runsKey } from "../live/events";
import type { KeptRuns } from "../live/patches";
import { ask, client, isUnreachable } from "./client";
import type { ConfirmationRequest, ExtensionRequest, RunResult, SweepSpec } from "./types";

interface Submission {
  spec: SweepSpec;
  /** Made once for each click: the same key again is the same sweep, should only its answer be lost. */
  key: string;
}

/** Not crypto.randomUUID, which browsers keep from pages that came over plain HTTP. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function useSubmit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ spec, key }: Submission) =>
      ask(client.POST("/api/sweeps", { body: spec, params: { header: { "idempotency-key": key } } })),
    retry: (failures, error) => failures < 2 && isUnreachable(error),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sweeps"] }),
  });
}

/** The same arm and seeds again are the same confirmation, so that it may be sent twice. */
export function useConfirm(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: ConfirmationRequest) =>
      ask(client.POST("/api/sweeps/{id}/confirmations", { params: { path: { id } }, body: request })),
    retry: (failures, error) => failures < 2 && isUnreachable(error),
    onSuccess: () =>
      Promise.all([queries.invalidateQueries({ queryKey: ["sweeps"] }), queries.invalidateQueries({ queryKey: ["sweep", id] })]),
  });
}

/** What is asked of a sweep beside its verb; the reason is kept in its history. */
export interface Steering {
  verb: "pause" | "resume" | "drain" | "cancel" | "retry" | "archive" | "unarchive" | "priority" | "limit";
  reason?: string;
  includeShared?: boolean;
  priority?: number;
  maxRunning?: number | null;
}

export function useSteering(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: Steering) => steer(id, asked),
    onSettled: () => refresh(queries, ["sweep", id], ["sweeps"], ["queue"], ["actions", "sweep", id]),
  });
}

function steer(id: number, { verb, reason = "", includeShared = false, priority = 0, maxRunning = null }: Steering) {
  const params = { path: { id }, query: { reason } };
  if (verb === "priority") return ask(client.POST("/api/sweeps/{id}/priority", { params, body: { priority } }));
  if (verb === "limit") return ask(client.POST("/api/sweeps/{id}/limit", { params, body: { max_running: maxRunning } }));
  const query = verb === "cancel" ? { reason, include_shared: includeShared } : { reason };
  return ask(client.POST(`/api/sweeps/{id}/${verb}`, { params: { path: { id }, query } }));
}

/** The same again adds nothing, so that it may be sent twice. */
export function useExtend(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ request, reason }: { request: ExtensionRequest; reason: string }) =>
      ask(client.POST("/api/sweeps/{id}/extensions", { params: { path: { id }, query: { reason } }, body: request })),
    retry: (failures, error) => failures < 2 && isUnreachable(error),
    onSuccess: () => refresh(queries, ["sweep", id], ["sweeps"], ["comparison", id], ["queue"], ["actions", "sweep", id]),
  });
}

interface RunSteering {
  verb: "cancel" | "retry" | "restart" | "first" | "last";
  reason?: string;
}

export function useRunSteering(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ verb, reason = "" }: RunSteering): Promise<void> => {
      const params = { path: { id }, query: { reason } };
      await (verb === "first" || verb === "last"
        ? ask(client.POST("/api/runs/{id}/priority", { params, body: { priority: verb } }))
        : ask(client.POST(`/api/runs/{id}/${verb}`, { params })));
    },
    onSettled: () => refresh(queries, ["run", id], ["sweep"], ["queue"], ["actions", "run", id]),
  });
}

export type BatchVerb = "cancel" | "retry";

interface Batch {
  verb: BatchVerb;
  ids: number[];
  reason: string;
}

/** The same done to many runs at once; the answer says what came of each. */
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

interface WorkerSteering {
  name: string;
  verb: "drain" | "resume" | "forget";
  reason?: string;
}

export function useWorkerSteering() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, verb, reason = "" }: WorkerSteering) =>
      ask(client.POST(`/api/workers/{name}/${verb}`, { params: { path: { name }, query: { reason } } })),
    onSettled: () => refresh(queries, ["workers"], ["queue"]),
  });
}

function refresh(queries: QueryClient, ...keys: unknown[][]): Promise<unknown> {
  return Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}
