/** What to do next with a sweep, by its state alone. */

import { isUnfinished } from "../api/queries";
import type { Leader, SweepDetail } from "../api/types";
import { runsAddress } from "../runs/address";
import { plural } from "../text/numbers";
import { duration } from "../text/times";

export interface NextStep {
  words: string;
  /** Where that is done: a link's words and its address. */
  link?: { words: string; to: string };
}

export function nextSteps(sweep: SweepDetail, leader: Leader | undefined, workers: number | undefined): NextStep[] {
  return [...mending(sweep), ...(isUnfinished(sweep.progress) ? waiting(sweep, workers) : judging(sweep, leader))];
}

function mending({ id, progress }: SweepDetail): NextStep[] {
  const { failed, cancelled, succeeded } = progress;
  const uncounted = succeeded === 0 ? "" : " They count in no figure until they have succeeded.";
  const runs = (state: "failed" | "cancelled") => ({ words: `${state === "failed" ? "Failed" : "Cancelled"} runs`, to: runsAddress(id, { state }) });
  return [
    ...(failed > 0 ? [{ words: `${plural(failed, "run")} failed. See why, mend it, then retry.${uncounted}`, link: runs("failed") }] : []),
    ...(cancelled > 0 && succeeded > 0 ? [{ words: `${plural(cancelled, "run")} ${cancelled === 1 ? "was" : "were"} cancelled. Retry what the comparison should have.${failed > 0 ? "" : uncounted}`, link: runs("cancelled") }] : []),
  ];
}

function waiting({ status, progress }: SweepDetail, workers: number | undefined): NextStep[] {
  if (status === "paused") return [{ words: "It is paused: resume it to start the runs that are queued." }];
  if (workers === 0 && progress.running === 0) {
    return [{ words: "No worker is alive, so nothing starts. Start one beside the API, or on another machine.", link: { words: "Workers", to: "/workers" } }];
  }
  if (progress.running + progress.cancelling === 0) return [{ words: "Its runs are queued. The queue says why each of them waits.", link: { words: "Queue", to: "/workers" } }];
  const left = progress.eta_seconds === null ? "" : ` About ${duration(progress.eta_seconds)} are left.`;
  return [{ words: `Nothing has to be done: it trains.${left} Figures appear as runs finish, and change until the last has.` }];
}

function judging(sweep: SweepDetail, leader: Leader | undefined): NextStep[] {
  if (sweep.progress.succeeded === 0 || !leader) return [];
  const report: NextStep = { words: "The report is one page to keep, send or print.", link: { words: "Report", to: `/sweeps/${sweep.id}?tab=report` } };
  if (!leader.arm || !leader.delta) return [report];
  if (sweep.confirms) return [report];
  if (leader.delta.established && leader.delta.mean > 0) {
    const compare = { words: "Compare", to: `/sweeps/${sweep.id}?tab=compare&arm=${encodeURIComponent(leader.arm)}` };
    const step = sweep.confirmations.length > 0 ? [] : [{ words: `The best of several owes part of its lead to luck: confirm ${leader.arm} with new seeds, on held-out problems.`, link: compare }];
    return [...step, report];
  }
  return [{ words: "More seeds narrow the intervals: extend it, and only what is missing is trained." }, report];
}
