/** The address is the view: what a reader has chosen is kept in it, so that a link shows the same. */

import { useCallback, useMemo } from "react";
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

const BETWEEN = "~";

/** A list that is kept in one parameter of the address: its items and their change. */
export function useListed(name: string): [string[], (items: string[]) => void] {
  const [parameters, change] = useView();
  const text = parameters.get(name);
  const items = useMemo(() => (text ? text.split(BETWEEN) : []), [text]);
  const set = useCallback((next: string[]) => change({ [name]: next.length > 0 ? next.join(BETWEEN) : null }), [change, name]);
  return [items, set];
}

/** With `item` if it was not there, without it if it was. */
export function toggled(items: string[], item: string): string[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

export function changed(previous: URLSearchParams, wanted: ViewChange): URLSearchParams {
  const next = new URLSearchParams(previous);
  for (const [name, value] of Object.entries(wanted)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}
