/** What can be done with a worker in its state, and why the rest cannot. */

import type { Worker, WorkerStatus } from "../api/types";
import type { Verb } from "../shell/verbs";

export type WorkerVerb = "drain" | "resume" | "forget";

export function workerVerbs(worker: Worker): Verb<WorkerVerb>[] {
  const held = worker.draining_at !== null || worker.parked_at !== null;
  return [
    {
      id: "drain",
      label: "Drain…",
      meaning: "It takes no further run; the one under way is saved and goes back to the queue.",
      whyNot: worker.draining_at ? "It is draining or drained already." : undefined,
    },
    {
      id: "resume",
      label: "Resume",
      meaning: "Lets it take runs again; its earlier failures no longer count.",
      whyNot: held ? undefined : "It is neither drained nor parked.",
    },
    {
      id: "forget",
      label: "Forget…",
      meaning: "Takes a worker that is gone off the list.",
      whyNot: worker.alive ? "It lives: stop it first." : undefined,
      danger: true,
    },
  ];
}

/** The colour of a state's dot, one of those of runs. */
export const STATE_FILLS: Record<WorkerStatus, string> = {
  working: "running",
  idle: "succeeded",
  draining: "cancelling",
  drained: "queued",
  parked: "failed",
  silent: "cancelled",
};
