/** What the page reads of behaviour analyses, and how it asks for them. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useFollowing } from "../live/useLive";
import { ask, client } from "./client";
import { BUSY_MS, IDLE_MS } from "./queries";
import type { SweepBehaviour, SweepInquiry, TracePage } from "./types";

const SLOW_MS = IDLE_MS * 4;

/** Which analyses: of one inquiry, by default the latest that tells anything, and after which step. */
export interface BehaviourPlace {
  inquiry: string | null;
  step: number | null;
}

/** Whether analyses are waiting or under way. */
export function isAnalysing(behaviour: SweepBehaviour | undefined): boolean {
  return behaviour?.inquiries.some(({ analyses }) => ["queued", "running", "cancelling"].some((status) => (analyses[status] ?? 0) > 0)) ?? false;
}

export function useBehaviour(id: number, inquiry: string | null) {
  const queries = useQueryClient();
  const following = useFollowing({ of: "sweep", id, when: "moved" }, BUSY_MS * 2);
  return useQuery({
    queryKey: ["behaviour", id, inquiry],
    queryFn: async () => {
      const found = await ask(client.GET("/api/sweeps/{id}/behaviour", { params: { path: { id }, query: { inquiry } } }));
      // Who is shown the latest inquiry holds on to it by its key, and is not sent the same again.
      if (inquiry === null && found.inquiry) queries.setQueryData(["behaviour", id, found.inquiry], found);
      return found;
    },
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    meta: following.meta,
    refetchInterval: ({ state }) => following.refetchInterval && (isAnalysing(state.data) ? following.refetchInterval : SLOW_MS),
  });
}

/** Every arm against the baseline; null for the sweep's own. */
export function useBehaviourDifferences(id: number, { inquiry, step }: BehaviourPlace, baseline: string | null) {
  return useQuery({
    queryKey: ["behaviour-differences", id, inquiry, step, baseline],
    queryFn: () =>
      ask(client.GET("/api/sweeps/{id}/behaviour/differences", { params: { path: { id }, query: { inquiry, step, baseline } } })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    ...useFollowing({ of: "sweep", id, when: "ended" }, SLOW_MS),
  });
}

export function useBehaviourGaps(id: number, arm: string | null, { inquiry, step }: BehaviourPlace) {
  return useQuery({
    queryKey: ["behaviour-gaps", id, arm, inquiry, step],
    enabled: arm !== null,
    queryFn: () =>
      ask(client.GET("/api/sweeps/{id}/behaviour/gaps", { params: { path: { id }, query: { arm: arm ?? "", inquiry, step } } })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    ...useFollowing({ of: "sweep", id, when: "ended" }, SLOW_MS),
  });
}

/** psi/|A| and its like of one arm, by kind of token. */
export function useBonuses(id: number, arm: string | null) {
  return useQuery({
    queryKey: ["bonuses", id, arm],
    enabled: arm !== null,
    queryFn: () => ask(client.GET("/api/sweeps/{id}/regulation/kinds", { params: { path: { id }, query: { arm: arm ?? "" } } })),
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    ...useFollowing({ of: "sweep", id, when: "measured" }, SLOW_MS),
  });
}

/** What an analysis found does not change. */
export function useRareSentences(run: number | null) {
  return useQuery({
    queryKey: ["rare-sentences", run],
    enabled: run !== null,
    retry: false,
    queryFn: () => ask(client.GET("/api/runs/{id}/behaviour/sentences", { params: { path: { id: run ?? 0 } } })),
    staleTime: Infinity,
  });
}

export function useTraces(run: number | null, limit: number, offset: number) {
  return useQuery({
    queryKey: ["traces", run, limit, offset],
    enabled: run !== null,
    // The client's types forget how long a tuple is.
    queryFn: () =>
      ask(client.GET("/api/runs/{id}/behaviour/traces", { params: { path: { id: run ?? 0 }, query: { limit, offset } } })) as Promise<TracePage>,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

/** The analyses one by one, and of which steps there could be more. */
export function useAnalyses(id: number, enabled = true) {
  return useQuery({
    queryKey: ["analyses", id],
    enabled,
    queryFn: () => ask(client.GET("/api/sweeps/{id}/analyses", { params: { path: { id } } })),
    ...useFollowing({ of: "sweep", id, when: "moved" }, BUSY_MS * 2),
  });
}

/** `request` is a SweepInquiry as JSON. */
export function useAnalysisPreview(id: number, request: string | null) {
  return useQuery({
    queryKey: ["analysis-preview", id, request],
    enabled: request !== null,
    queryFn: () =>
      ask(client.POST("/api/sweeps/{id}/analyses/preview", { params: { path: { id } }, body: JSON.parse(request ?? "{}") as SweepInquiry })),
    retry: false,
    gcTime: 0,
  });
}

/** The same again queues nothing. */
export function useAnalyse(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: SweepInquiry) => ask(client.POST("/api/sweeps/{id}/analyses", { params: { path: { id } }, body: request })),
    onSuccess: () =>
      Promise.all(
        [["behaviour", id], ["analyses", id], ["queue"], ["actions", "sweep", id]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}
