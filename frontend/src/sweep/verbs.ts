/** What can be done with a sweep and with a run in the state they are in, and why the rest cannot. */

import type { RunStatus, SweepRun, SweepSummary } from "../api/types";
import type { Verb } from "../shell/verbs";
import { plural } from "../text/numbers";

export type SweepVerb =
  | "pause"
  | "resume"
  | "drain"
  | "cancel"
  | "retry"
  | "extend"
  | "clone"
  | "priority"
  | "limit"
  | "archive"
  | "unarchive";

export type RunVerb = "cancel" | "retry" | "restart" | "first" | "last";

const ARCHIVED = "It is archived: unarchive it first.";
const FINISHED = "None of its runs is queued or running.";

/** The verbs in reach of one press. */
export function sweepButtons(sweep: SweepSummary): Verb<SweepVerb>[] {
  const { queued, running, failed, cancelled } = sweep.progress;
  const unfinished = queued + running > 0;
  const held = archivedReason(sweep);
  const hold: Verb<SweepVerb> = sweep.paused_at
    ? { id: "resume", label: "Resume", meaning: "Lets it start runs again.", whyNot: held }
    : { id: "pause", label: "Pause", meaning: "Starts no further run; what runs goes on.", whyNot: held ?? unless(unfinished, FINISHED) };
  return [
    hold,
    {
      id: "retry",
      label: failed === 0 && cancelled > 0 ? "Retry cancelled" : "Retry failed",
      meaning: `Queues ${plural(failed + cancelled, `${endedWords(failed, cancelled)} run`)} again.`,
      whyNot: held ?? unless(failed + cancelled > 0, "No run has failed or was cancelled."),
    },
    {
      id: "extend",
      label: "Extend…",
      meaning: "Adds seeds and values; only what is missing is trained.",
      whyNot: held ?? unless(sweep.confirms === null, "A confirmation’s seeds are chosen once: confirm the arm again instead."),
    },
    {
      id: "cancel",
      label: "Cancel…",
      meaning: "Stops its unfinished runs; runs that other sweeps share go on.",
      whyNot: held ?? unless(unfinished, "Nothing is left to cancel."),
      danger: true,
    },
  ];
}

/** The rest, in a menu. */
export function sweepMenu(sweep: SweepSummary): Verb<SweepVerb>[] {
  const { queued, running, cancelling } = sweep.progress;
  const held = archivedReason(sweep);
  const drained = sweep.drained_at !== null && queued === 0;
  const put: Verb<SweepVerb> = sweep.archived_at
    ? { id: "unarchive", label: "Unarchive", meaning: "Puts it on the list again." }
    : {
        id: "archive",
        label: "Archive",
        meaning: "Takes it off the list; nothing of it is deleted.",
        whyNot: unless(queued + running + cancelling === 0, "It is not finished: wait for its runs, drain or cancel it."),
      };
  return [
    { id: "clone", label: "Clone", meaning: "Opens a copy to edit; equal runs are shared, not repeated." },
    {
      id: "drain",
      label: "Drain…",
      meaning: "Cancels what is queued; what runs finishes.",
      whyNot: held ?? unless(queued + running > 0, FINISHED) ?? unless(!drained, "It is drained: nothing is queued."),
    },
    { id: "priority", label: "Priority…", meaning: `Sweeps with a higher one start first; now ${sweep.priority}.`, whyNot: held },
    {
      id: "limit",
      label: "Limit…",
      meaning: `How many of its runs may run at once; now ${sweep.max_running ?? "no limit"}.`,
      whyNot: held,
    },
    put,
  ];
}

export interface SteeredRun {
  status: RunStatus;
  /** How many other sweeps ask for it. */
  others: number;
}

export function runVerbs({ status, others }: SteeredRun): Verb<RunVerb>[] {
  const everywhere = others > 0 ? `, also for ${plural(others, "other sweep")}` : "";
  const queued = unless(status === "queued", `It is ${status}; only queued runs have a place in the queue.`);
  const ended = status === "failed" || status === "cancelled";
  return [
    {
      id: "retry",
      label: "Retry",
      meaning: "Queues it again; it goes on from its checkpoint if there is one.",
      whyNot: unless(ended, `It is ${status}; only failed and cancelled runs can be retried.`),
    },
    {
      id: "restart",
      label: "Restart from zero…",
      meaning: "Queues it without its checkpoint.",
      whyNot: unless(ended || status === "queued", status === "succeeded" ? "It has succeeded; its result stays." : `It is ${status}: cancel it first.`),
    },
    { id: "first", label: "Move to first", meaning: "It starts before the other queued runs of its sweeps.", whyNot: queued },
    { id: "last", label: "Move to last", meaning: "It starts after the other queued runs of its sweeps.", whyNot: queued },
    {
      id: "cancel",
      label: "Cancel…",
      meaning: `Stops it${everywhere}.`,
      whyNot: unless(status === "queued" || status === "running", `It is ${status}.`),
      danger: true,
    },
  ];
}

/** How many runs are unfinished, and how many of those other sweeps ask for as well. */
export function countUnfinished(runs: SweepRun[]): { all: number; shared: number } {
  const unfinished = runs.filter(({ status }) => status === "queued" || status === "running");
  return { all: unfinished.length, shared: unfinished.filter(({ shared_with }) => shared_with.length > 0).length };
}

function endedWords(failed: number, cancelled: number): string {
  return [failed > 0 && "failed", cancelled > 0 && "cancelled"].filter(Boolean).join(" or ");
}

function archivedReason(sweep: SweepSummary): string | undefined {
  return sweep.archived_at ? ARCHIVED : undefined;
}

function unless(possible: boolean, reason: string): string | undefined {
  return possible ? undefined : reason;
}
