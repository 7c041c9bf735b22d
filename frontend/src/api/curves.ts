/** Metrics over training, and what is said of them. */

import { useQuery } from "@tanstack/react-query";

import { useFollowing } from "../live/useLive";
import { ask, client } from "./client";
import { IDLE_MS, pace } from "./queries";
import type { Axis } from "./types";

/** Which metrics the sweep's runs have reported. */
export function useMetricNames(id: number, busy: boolean) {
  return useQuery({
    queryKey: ["sweep-metric", id],
    queryFn: () => ask(client.GET("/api/sweeps/{id}/metrics", { params: { path: { id } } })),
    ...useFollowing({ of: "sweep", id, when: "measured" }, busy ? 4000 : IDLE_MS * 4),
  });
}

/** A metric against `x`, between both ends of `zoom` where given, with about so many `points` a run. */
export interface CurveQuestion {
  name: string;
  x: Axis;
  zoom: readonly [low: number, high: number] | null;
  points: number;
  /** Only these arms; all of them if null. */
  arms: string[] | null;
}

/** Until finer points have come, the coarser ones of the same metric stay. */
export function useSweepMetric(id: number, question: CurveQuestion, busy: boolean, enabled: boolean) {
  const { name, x, zoom, points, arms } = question;
  return useQuery({
    queryKey: ["sweep-metric", id, name, x, zoom, points, arms],
    queryFn: () => {
      const query = { names: name, x, points, ...(zoom && { from: zoom[0], to: zoom[1] }), ...(arms && { arms }) };
      return ask(client.GET("/api/sweeps/{id}/metrics", { params: { path: { id }, query } }));
    },
    enabled,
    placeholderData: (previous, query) => (sameCurve(query?.queryKey, [id, name, x]) ? previous : undefined),
    ...useFollowing({ of: "sweep", id, when: "measured" }, busy ? 4000 : IDLE_MS * 4),
  });
}

function sameCurve(key: readonly unknown[] | undefined, wanted: unknown[]): boolean {
  return key !== undefined && wanted.every((part, index) => key[index + 1] === part);
}

/** Whether shaping regulated itself: of finished runs, so it changes as runs end. */
export function useRegulation(id: number, busy: boolean) {
  return useQuery({
    queryKey: ["regulation", id],
    queryFn: () => ask(client.GET("/api/sweeps/{id}/regulation", { params: { path: { id } } })),
    ...useFollowing({ of: "sweep", id, when: "ended" }, busy ? 5000 : IDLE_MS * 4),
  });
}

const WHOLE: Pick<CurveQuestion, "x" | "zoom"> = { x: "step", zoom: null };

/** Every metric that a run has reported; `x` and `zoom` as of a CurveQuestion. */
export function useAllRunMetrics(id: number, busy: boolean, drawing = WHOLE) {
  const { data, error } = useRunMetrics(id, [], busy);
  const metrics = useRunMetrics(id, data?.names ?? [], busy, drawing);
  return { names: data?.names, data: metrics.data, error: error ?? metrics.error };
}

/** Without `names`, only what metrics there are. */
function useRunMetrics(id: number, names: string[], busy: boolean, { x, zoom } = WHOLE) {
  return useQuery({
    queryKey: ["run-metrics", id, x, names, zoom],
    queryFn: () => {
      const query = { names: names.join(","), x, points: 300, ...(zoom && { from: zoom[0], to: zoom[1] }) };
      return ask(client.GET("/api/runs/{id}/metrics", { params: { path: { id }, query } }));
    },
    placeholderData: (previous, query) => (sameCurve(query?.queryKey, [id, x]) ? previous : undefined),
    ...useFollowing({ of: "run", id }, pace(busy)),
  });
}
