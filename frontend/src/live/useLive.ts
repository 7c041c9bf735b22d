/** How components hear of what happens, and whether what they show is current. */

import { createContext, useContext, useEffect, useSyncExternalStore } from "react";

import type { Live, LiveState } from "./stream";
import type { Topic } from "./topics";

export const LiveContext = createContext<Live | null>(null);

/** Without a stream, as where a part of the page is shown by itself, queries poll. */
const ALONE: LiveState = { polling: true, staleSince: null };

export function useLiveState(): LiveState {
  const live = useContext(LiveContext);
  return useSyncExternalStore(live?.subscribe ?? nothing, live?.snapshot ?? alone);
}

/** Listens for as long as the component is there: to one sweep's runs, row by row, or to what happens at all. */
export function useLive(sweep: number | null): void {
  const live = useContext(LiveContext);
  useEffect(() => live?.follow(sweep), [live, sweep]);
  useEffect(() => live?.start(), [live]);
}

/** To be spread into a query: news of the topic make it ask anew; where there is no stream it asks every `everyMs`. */
export function useFollowing(follows: Topic, everyMs: number) {
  const { polling } = useLiveState();
  return { meta: { follows }, refetchInterval: polling && everyMs };
}

const nothing = () => () => undefined;
const alone = () => ALONE;
