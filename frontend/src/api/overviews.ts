/** What is read of sweeps at a glance: on their list, and on the first page of one. */

import { useQuery } from "@tanstack/react-query";

import { useFollowing } from "../live/useLive";
import { ask, client, isConflict } from "./client";
import { BUSY_MS, IDLE_MS } from "./queries";
import type { SweepSummary } from "./types";

/** The arm its conclusion speaks of. Asked again once further runs have ended, or while there was no answer. */
export function useLeader({ id, progress, arms }: Pick<SweepSummary, "id" | "progress" | "arms">, wanted: boolean) {
  const { succeeded, failed, cancelled } = progress;
  return useQuery({
    queryKey: ["leader", id, arms, succeeded, failed, cancelled],
    queryFn: () => ask(client.GET("/api/sweeps/{id}/leader", { params: { path: { id } } })),
    enabled: wanted && succeeded > 0,
    staleTime: Infinity,
    refetchInterval: ({ state: { error } }) => error !== null && !isConflict(error) && IDLE_MS,
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
  });
}

/** The conclusion at the largest k, in its whole sentences. */
export function useStanding(id: number, busy: boolean) {
  return useQuery({
    queryKey: ["standing", id],
    queryFn: () => ask(client.GET("/api/sweeps/{id}/conclusion", { params: { path: { id } } })),
    ...useFollowing({ of: "sweep", id, when: "ended" }, busy ? 5000 : IDLE_MS * 4),
  });
}

export function useConditions(id: number) {
  return useQuery({
    queryKey: ["conditions", id],
    queryFn: () => ask(client.GET("/api/sweeps/{id}/conditions", { params: { path: { id } } })),
    staleTime: Infinity,
  });
}

export function useChronicle(id: number, busy: boolean) {
  return useQuery({
    queryKey: ["chronicle", id],
    queryFn: () => ask(client.GET("/api/sweeps/{id}/chronicle", { params: { path: { id }, query: { limit: 12 } } })),
    ...useFollowing({ of: "sweep", id, when: "moved" }, busy ? BUSY_MS * 2 : IDLE_MS),
  });
}
