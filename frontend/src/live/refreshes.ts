/** Has queries ask anew when something they are about has changed: soon, and never more often than is of use. */

import type { Query, QueryClient } from "@tanstack/react-query";

import { gapOf, isSame, type Topic } from "./topics";

export class Refreshes {
  private readonly due = new Map<string, number>();

  constructor(private readonly queries: QueryClient) {}

  /** News while a query is about to ask is part of what it will get; news while it asks makes it ask again. */
  tell(topics: Topic[]): void {
    for (const query of this.queries.getQueryCache().getAll()) {
      const topic = query.meta?.follows;
      if (topic && !this.due.has(query.queryHash) && topics.some((one) => isSame(one, topic))) this.plan(query, topic);
    }
  }

  private plan(query: Query, topic: Topic): void {
    const wait = Math.max(0, query.state.dataUpdatedAt + gapOf(topic) - Date.now());
    const act = () => {
      this.due.delete(query.queryHash);
      void this.queries.invalidateQueries({ queryKey: query.queryKey, exact: true });
    };
    this.due.set(query.queryHash, window.setTimeout(act, wait));
  }

  stop(): void {
    this.due.forEach((timer) => window.clearTimeout(timer));
    this.due.clear();
  }
}
