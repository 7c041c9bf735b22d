/** The browser's one stream of events, open while its tab is looked at. */

import type { QueryClient } from "@tanstack/react-query";

import { isOutage } from "../api/client";
import type { ChangedEvent, RunsEvent } from "../api/types";
import { beginHearing, distrust, runsKey, takeRuns, topicsOf } from "./events";
import type { KeptRuns } from "./patches";
import { Refreshes } from "./refreshes";

export interface LiveState {
  /** Whether queries have to ask by themselves, since no stream can be had. */
  polling: boolean;
  /** When what is shown was last known to be current, if it may be so no longer. */
  staleSince: number | null;
}

/** The server says something every five seconds or so. */
const SILENCE_MS = 15_000;
const WAITS_MS = [500, 1000, 2000, 5000, 15_000];
/** After so many attempts in a row that gave nothing the page polls, and goes on trying. */
const PATIENCE = 2;

export class Live {
  private state: LiveState = { polling: false, staleSince: null };
  private readonly watchers = new Set<() => void>();
  private readonly refreshes: Refreshes;
  private source: EventSource | null = null;
  private sweep: number | null = null;
  private last: string | null = null;
  /** Whether it is known from where on everything was heard. */
  private begun = false;
  private failures = 0;
  private retry = 0;
  private heard = Date.now();
  /** Somebody said that nothing is known: the server of its database, or the network of the server. */
  private away = false;

  constructor(private readonly queries: QueryClient) {
    this.refreshes = new Refreshes(queries);
  }

  /** Begins; what is returned ends it. */
  start(): () => void {
    const look = () => {
      this.close();
      if (document.hidden) return;
      this.heard = Date.now(); // queries ask anew when a tab is looked at again
      this.open();
    };
    const clock = window.setInterval(() => this.judge(), 1000);
    const forget = this.queries.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && this.state.polling) this.notice(event.action.type, event.query.state.error);
    });
    document.addEventListener("visibilitychange", look);
    look();
    return () => {
      document.removeEventListener("visibilitychange", look);
      window.clearInterval(clock);
      forget();
      this.refreshes.stop();
      this.close();
    };
  }

  /** Which sweep's runs are wanted row by row; null for none. */
  follow(sweep: number | null): void {
    if (sweep === this.sweep) return;
    this.sweep = sweep;
    if (this.source) this.open();
  }

  subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  snapshot = (): LiveState => this.state;

  private open(): void {
    this.close();
    if (typeof EventSource === "undefined") return this.fail();
    const source = new EventSource(this.address());
    this.source = source;
    source.onerror = () => this.fail();
    source.addEventListener("runs", (event) => this.hear(event, (data: RunsEvent) => this.refreshes.tell(takeRuns(this.queries, data, this.last))));
    source.addEventListener("changed", (event) => this.hear(event, (data: ChangedEvent) => this.refreshes.tell(topicsOf(data))));
    source.addEventListener("beat", (event) => this.hear(event, () => undefined));
    source.addEventListener("reset", (event) => this.hear(event, () => this.lose()));
    source.addEventListener("away", () => {
      this.away = true;
      this.judge();
    });
  }

  private close(): void {
    window.clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  /** Goes on from what was heard last, or from the runs that are kept, whichever knows less. */
  private address(): string {
    const query = new URLSearchParams();
    if (this.sweep !== null) query.set("sweep", String(this.sweep));
    const kept = this.sweep === null ? null : this.queries.getQueryData<KeptRuns>(runsKey(this.sweep))?.cursor;
    const known = [this.last, kept].filter((cursor) => typeof cursor === "string").map(Number);
    this.begun = known.length > 0;
    if (this.begun) query.set("after", String(Math.min(...known)));
    return `/api/events?${query}`;
  }

  private hear<T>(event: MessageEvent<string>, act: (data: T) => void): void {
    this.last = event.lastEventId || this.last;
    this.heard = Date.now();
    this.failures = 0;
    this.away = false;
    this.begin();
    act(JSON.parse(event.data) as T);
    this.judge();
  }

  private begin(): void {
    if (this.begun || this.last === null) return;
    this.begun = true;
    if (this.sweep !== null) beginHearing(this.queries, this.sweep, this.last);
  }

  /** So much has happened that it is not told. */
  private lose(): void {
    distrust(this.queries);
    this.begun = false;
    this.begin();
  }

  /** Not left to the browser, which gives up on some errors and asks every second on others. */
  private fail(): void {
    this.close();
    const wait = WAITS_MS[Math.min(this.failures, WAITS_MS.length - 1)];
    this.failures += 1;
    this.retry = window.setTimeout(() => this.open(), wait);
    this.judge();
  }

  /** While the page polls, its queries say whether the server answers. */
  private notice(action: string, error: Error | null): void {
    if (action === "success") {
      this.heard = Date.now();
      this.away = false;
    } else if (action === "error" && error && isOutage(error)) {
      this.away = true;
    } else return;
    this.judge();
  }

  private judge(): void {
    const polling = this.failures >= PATIENCE;
    const stale = this.away || Date.now() - this.heard > SILENCE_MS;
    const staleSince = stale ? (this.state.staleSince ?? this.heard) : null;
    const before = this.state;
    if (polling === before.polling && staleSince === before.staleSince) return;
    this.state = { polling, staleSince };
    this.watchers.forEach((watcher) => watcher());
    // The first poll would come an interval late.
    if (polling && !before.polling) void this.queries.refetchQueries({ type: "active", predicate: ({ meta }) => meta?.follows !== undefined });
  }
}
