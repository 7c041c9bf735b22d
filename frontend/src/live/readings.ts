/** Lists of runs that are being read: their answers may be older than what the stream tells meanwhile. */

import type { QueryClient } from "@tanstack/react-query";

import type { Heard } from "./patches";

interface Reading {
  sweep: number;
  heard: Heard[];
}

const readings = new WeakMap<QueryClient, Set<Reading>>();

/** Gives `read` what is heard of the sweep's runs from now until it is done. */
export async function hearingOf<T>(queries: QueryClient, sweep: number, read: (heard: readonly Heard[]) => Promise<T>): Promise<T> {
  const reading: Reading = { sweep, heard: [] };
  const all = readings.get(queries) ?? new Set();
  readings.set(queries, all.add(reading));
  try {
    return await read(reading.heard);
  } finally {
    all.delete(reading);
  }
}

/** For whoever reads the sweep's runs now. */
export function hold(queries: QueryClient, sweep: number, heard: Heard): void {
  for (const reading of readings.get(queries) ?? []) if (reading.sweep === sweep) reading.heard.push(heard);
}
