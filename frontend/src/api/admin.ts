/** Keys and webhooks, which only admins read and change. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask, client } from "./client";
import type { KeyRequest, WebhookRequest } from "./types";

const KEYS = ["keys"];
const WEBHOOKS = ["webhooks"];
const WATCHED_MS = 2000;
const QUIET_MS = 15_000;

export function useKeys() {
  return useQuery({ queryKey: KEYS, queryFn: () => ask(client.GET("/api/keys")) });
}

export function useKeyCreation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: KeyRequest) => ask(client.POST("/api/keys", { body: request })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useKeyRevocation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ask(client.POST("/api/keys/{id}/revoke", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useWebhooks() {
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: () => ask(client.GET("/api/webhooks")),
    refetchInterval: (query) => (query.state.data?.some(({ pending }) => pending > 0) ? WATCHED_MS : QUIET_MS),
  });
}

export function useWebhookAddition() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: WebhookRequest) => ask(client.POST("/api/webhooks", { body: request })),
    onSettled: () => queries.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

export function useWebhookRemoval() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => ask(client.DELETE("/api/webhooks/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

/** Queues a test message; what became of it is among the deliveries. */
export function useWebhookTest(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(client.POST("/api/webhooks/{id}/test", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

/** The latest messages; asked again soon while one of them is under way. */
export function useDeliveries(id: number) {
  return useQuery({
    queryKey: [...WEBHOOKS, id, "deliveries"],
    queryFn: () => ask(client.GET("/api/webhooks/{id}/deliveries", { params: { path: { id }, query: { limit: 20 } } })),
    refetchInterval: (query) => (query.state.data?.deliveries.some(({ due_at }) => due_at !== null) ? WATCHED_MS : QUIET_MS),
  });
}

export function useRedelivery(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (delivery_id: number) =>
      ask(client.POST("/api/webhooks/{id}/deliveries/{delivery_id}/redeliver", { params: { path: { id, delivery_id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}
