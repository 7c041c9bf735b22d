/** Has queries ask anew when something they are about has changed: soon, and never more often than is of use. */

import type { Query, QueryCacheNotifyEvent, QueryClient } from "@tanstack/react-query";

import { gapOf, isSame, type Topic } from "./topics";

/** What takes long to answer is asked for less often: of its time no more than one part in so many. */
const PATIENCE = 8;
/** While an answer is on its way, whether it has come is looked at so often. */
const LOOK_MS = 300;

interface Pace {
  beganAt: number;
  tookMs: number;
}

export class Refreshes {
  private readonly due = new Map<string, number>();
  private readonly paces = new Map<string, Pace>();

  constructor(private readonly queries: QueryClient) {
    queries.getQueryCache().subscribe((event) => this.time(event));
  }

  /** News while a query is about to ask is part of what it will get; news while it asks makes it ask again, once it has its answer. */
  tell(topics: Topic[]): void {
    for (const query of this.queries.getQueryCache().getAll()) {
      const topic = query.meta?.follows;
      if (topic && !this.due.has(query.queryHash) && topics.some((one) => isSame(one, topic))) this.plan(query, topic);
    }
  }

  private plan(query: Query, topic: Topic): void {
    const act = () => {
      this.due.delete(query.queryHash);
      if (this.waitFor(query, topic) > 0) this.plan(query, topic);
      else void this.queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    };
    this.due.set(query.queryHash, window.setTimeout(act, this.waitFor(query, topic)));
  }

  /** An answer on its way is waited for: to interrupt it would be to ask for ever, for there may be news every second. */
  private waitFor(query: Query, topic: Topic): number {
    if (query.state.fetchStatus === "fetching") return LOOK_MS;
    const gap = Math.max(gapOf(topic), PATIENCE * (this.paces.get(query.queryHash)?.tookMs ?? 0));
    return Math.max(0, query.state.dataUpdatedAt + gap - Date.now());
  }

  private time(event: QueryCacheNotifyEvent): void {
    const { queryHash } = event.query;
    if (event.type === "removed") this.paces.delete(queryHash);
    if (event.type !== "updated") return;
    const pace = this.paces.get(queryHash);
    if (event.action.type === "fetch") this.paces.set(queryHash, { beganAt: Date.now(), tookMs: pace?.tookMs ?? 0 });
    if (event.action.type === "success" && pace) pace.tookMs = Date.now() - pace.beganAt;
  }

  stop(): void {
    this.due.forEach((timer) => window.clearTimeout(timer));
    this.due.clear();
  }
}
