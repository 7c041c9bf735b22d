/** What the page asks the API to change. Each refreshes what it touched. */

import { useMutation, useQueryClient } from "@tanstack/react-query";

import { ask, client } from "./client";
import type { SweepSpec } from "./types";

export function useSubmit() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (spec: SweepSpec) => ask(client.POST("/api/sweeps", { body: spec })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sweeps"] }),
  });
}

export function useSweepAction(id: number, verb: "cancel" | "retry") {
  const queries = useQueryClient();
  const params = { params: { path: { id } } };
  return useMutation({
    mutationFn: async (): Promise<void> => {
      await (verb === "cancel"
        ? ask(client.POST("/api/sweeps/{id}/cancel", params))
        : ask(client.POST("/api/sweeps/{id}/retry", params)));
    },
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
