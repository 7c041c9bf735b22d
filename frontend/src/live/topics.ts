/** What a query is about, so that news of it can be told to it: said by the query, in its `meta`. */

export type Topic =
  /** Any sweep: its state, its runs by state, how it was steered. */
  | { of: "sweeps" }
  /** One sweep. `moved`: a run changed its state, or somebody steered it; `ended`: a run ended; `measured`: a run recorded something. */
  | { of: "sweep"; id: number; when: "moved" | "ended" | "measured" }
  /** One run: its state, its step, what it recorded and logged. */
  | { of: "run"; id: number }
  | { of: "workers" }
  | { of: "queue" };

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: { follows?: Topic };
  }
}

/** How long what is shown is left alone after it was read, however much happens meanwhile. */
const GAPS = { sweeps: 2000, moved: 1000, ended: 3000, measured: 4000, run: 1500, workers: 1000, queue: 2000 };

export function gapOf(topic: Topic): number {
  return GAPS[topic.of === "sweep" ? topic.when : topic.of];
}

export function isSame(one: Topic, other: Topic): boolean {
  if (one.of === "sweep" && other.of === "sweep") return one.id === other.id && one.when === other.when;
  if (one.of === "run" && other.of === "run") return one.id === other.id;
  return one.of === other.of;
}
