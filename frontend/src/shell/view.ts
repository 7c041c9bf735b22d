/** The address is the view: what a reader has chosen is kept in it, so that a link shows the same. */

import { useCallback } from "react";
import { useSearchParams } from "wouter";

export type ViewChange = Record<string, string | null>;

/** The address's parameters, and a change of some of them; null takes one out. No history is made. */
export function useView(): [URLSearchParams, (change: ViewChange) => void] {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (wanted: ViewChange) => setParameters((previous) => changed(previous, wanted), { replace: true }),
    [setParameters],
  );
  return [parameters, change];
}

export function changed(previous: URLSearchParams, wanted: ViewChange): URLSearchParams {
  const next = new URLSearchParams(previous);
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}
