/** What the page reads of rollouts: where there are any, and those of a run at a step. */

import { useQuery } from "@tanstack/react-query";

import { useFollowing } from "../live/useLive";
import { ask, client } from "./client";
import { IDLE_MS } from "./queries";
import type { RolloutPage } from "./types";

const BUSY_MS = 5000;

/** So many completions are asked for at first; a step keeps few more than a dozen. */
export const FIRST_PAGE = 64;
export const EVERY = 1000;

export interface Wanted {
  run: number;
  /** Another attempt may say other things of the same step. */
  attempt: number;
  step: number;
  problem: string;
  correct: boolean | null;
  search: string;
  limit: number;
}

/** Which runs of that seed have which problems at a step, by default the last. */
export function useRolloutIndex(id: number, step: number | null, seed: number | null, busy: boolean) {
  return useQuery({
    queryKey: ["rollout-index", id, step, seed],
    queryFn: () => {
      const query = { ...(step !== null && { step }), ...(seed !== null && { seed }) };
      return ask(client.GET("/api/sweeps/{id}/rollouts", { params: { path: { id }, query } }));
    },
    placeholderData: (previous, query) => (query?.queryKey[1] === id && query.queryKey[3] === seed ? previous : undefined),
    ...useFollowing({ of: "sweep", id, when: "measured" }, busy ? BUSY_MS : IDLE_MS * 4),
  });
}

/**
 * The completions of one problem. What was shown of the same run stays until the new ones come. What a run
 * kept does not change, so that only its newest step, which may be `growing`, is asked for again.
 */
export function useRollouts(wanted: Wanted | null, growing: boolean) {
  const following = useFollowing({ of: "run", id: wanted?.run ?? 0 }, BUSY_MS);
  return useQuery({
    queryKey: ["rollouts", wanted?.run, wanted],
    enabled: wanted !== null,
    queryFn: () => {
      const { run, step, problem, correct, search, limit } = wanted!;
      const query = { step, problem, search, limit, ...(correct !== null && { correct }) };
      // The client's types forget how long a tuple is.
      return ask(client.GET("/api/runs/{id}/rollouts", { params: { path: { id: run }, query } })) as Promise<RolloutPage>;
    },
    placeholderData: (previous, query) => (query?.queryKey[1] === wanted?.run ? previous : undefined),
    ...(growing ? following : { staleTime: Infinity }),
  });
}
