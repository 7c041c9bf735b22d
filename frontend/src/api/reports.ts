/** A sweep's report as a page of its own. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { ask, client } from "./client";

export interface ReportView {
  k?: number;
  baseline?: string;
}

/** Made when it is asked for, and not again by itself: under a reader's eyes a page stays as it is. */
export function useReport(id: number, view: ReportView) {
  return useQuery({
    queryKey: ["report", id, view],
    queryFn: () =>
      ask(client.GET("/api/sweeps/{id}/report.html", { params: { path: { id }, query: view }, parseAs: "text" })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}

export function reportAddress(id: number, kind: "html" | "md", { k, baseline }: ReportView): string {
  const query = new URLSearchParams({ ...(k !== undefined && { k: String(k) }), ...(baseline !== undefined && { baseline }) });
  return `/api/sweeps/${id}/report.${kind}${query.size > 0 ? `?${query}` : ""}`;
}
