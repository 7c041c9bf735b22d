/** What the page asks the API to change. Each refreshes what it touched. */

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client, isUnreachable } from "./client";
import type { ConfirmationRequest, SweepSpec } from "./types";

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

/** Called with whether runs that other sweeps share are stopped as well. */
export function useSweepCancel(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (includeShared: boolean) =>
      ask(client.POST("/api/sweeps/{id}/cancel", { params: { path: { id }, query: { include_shared: includeShared } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sweep", id] }),
  });
}

export function useSweepRetry(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(client.POST("/api/sweeps/{id}/retry", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sweep", id] }),
  });
}

export function useRunAction(id: number, verb: "cancel" | "retry") {
  const queries = useQueryClient();
  const params = { params: { path: { id } } };
  return useMutation({
    mutationFn: async (): Promise<void> => {
      await (verb === "cancel"
        ? ask(client.POST("/api/runs/{id}/cancel", params))
        : ask(client.POST("/api/runs/{id}/retry", params)));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["run", id] }),
  });
}
