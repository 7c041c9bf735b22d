/** What the page at an address will ask for, asked for before it is drawn: all at once, instead of one after another. */

import type { QueryClient } from "@tanstack/react-query";

import { comparisonQuery, sweepQuery } from "./api/queries";
import { sessionQuery } from "./api/session";
import { findTab } from "./sweep/tabs";

export function prefetch(queries: QueryClient, { pathname, search }: Pick<Location, "pathname" | "search">): void {
  if (pathname === "/sign-in") return;
  void queries.prefetchQuery(sessionQuery());
  const id = Number(/^\/sweeps\/(\d+)$/.exec(pathname)?.[1] ?? NaN);
  if (Number.isInteger(id)) prefetchSweep(queries, id, new URLSearchParams(search));
}

/** Without a tab in the address it will be the comparison, if anything has succeeded. */
function prefetchSweep(queries: QueryClient, id: number, parameters: URLSearchParams): void {
  const tab = parameters.get("tab") ?? "compare";
  void queries.prefetchQuery(sweepQuery(id));
  findTab(tab)?.prepare();
  if (tab === "compare" && !parameters.has("k")) void queries.prefetchQuery(comparisonQuery(id, parameters.get("baseline"), null));
}
