/** Which runs of a sweep's list an address asks for. */

import { changed, type ViewChange } from "../shell/view";

/** A choice that runs must meet; null leaves it open. */
export interface Filters {
  state: string | null;
  arm: string | null;
  seed: string | null;
  worker: string | null;
  failure: string | null;
  find: string;
}

/** The names in the address; that of the state is older than the others. */
export const NAMES = { state: "state", arm: "runs-arm", seed: "runs-seed", worker: "runs-worker", failure: "runs-failure", find: "runs-find" } as const;

export function filtered(filters: Partial<Filters>): ViewChange {
  return Object.fromEntries(Object.entries(filters).map(([name, value]) => [NAMES[name as keyof Filters], value || null]));
}

/** Where the runs of a sweep that meet `filters` are listed. */
export function runsAddress(sweep: number, filters: Partial<Filters> = {}): string {
  return `/sweeps/${sweep}?${changed(new URLSearchParams({ tab: "runs" }), filtered(filters)).toString()}`;
}
