/**
 * The columns of a sweep's list of runs: what each shows, sorts by, and writes into a file. The list is one stop
 * for the Tab key, however long: links in its cells are none, since Enter opens the run of the row.
 */

import type { ReactNode } from "react";
import { Link } from "wouter";

import type { SweepRun } from "../api/types";
import { Status } from "../sweep/Status";
import { Steps } from "../sweep/Steps";
import type { Cell } from "../text/csv";
import { plural } from "../text/numbers";
import { ago, between, exact } from "../text/times";
import { FAILURES } from "../text/words";
import { runsAddress } from "./address";

/** What cells need to know beside their run. */
export interface Context {
  now: number;
  /** The other sweeps that share runs, by number. */
  sweeps: Map<number, string>;
}

export interface Column {
  id: string;
  label: string;
  /** Its share of the width. */
  weight: number;
  number?: boolean;
  /** What is sorted by; null comes last, whichever way. */
  value: (run: SweepRun, context: Context) => number | string | null;
  /** What stands in a file, where that is not the value. */
  written?: (run: SweepRun, context: Context) => Cell;
  cell: (run: SweepRun, context: Context) => ReactNode;
}

const URGENCY = ["failed", "running", "cancelling", "queued", "succeeded", "cancelled"];

export function urgency(run: SweepRun): number {
  return URGENCY.indexOf(run.status);
}

export const COLUMNS: readonly Column[] = [
  { id: "run", label: "Run", weight: 5, value: ({ id }) => id, cell: ({ id }) => <Link href={`/runs/${id}`} tabIndex={-1}>{id}</Link> },
  { id: "arm", label: "Arm", weight: 20, value: ({ arm }) => arm, cell: (run) => <Arm run={run} /> },
  { id: "seed", label: "Seed", weight: 5, number: true, value: ({ seed }) => seed, cell: ({ seed }) => seed },
  { id: "state", label: "State", weight: 8, value: urgency, written: ({ status }) => status, cell: ({ status }) => <Status status={status} /> },
  {
    id: "steps",
    label: "Steps",
    weight: 13,
    value: ({ step, total_steps }) => (total_steps === 0 ? null : step / total_steps),
    written: ({ step, total_steps }) => (total_steps === 0 ? null : `${step}/${total_steps}`),
    cell: (run) => <Steps run={run} />,
  },
  {
    id: "took",
    label: "Took",
    weight: 8,
    value: seconds,
    cell: ({ started_at, finished_at }, { now }) => started_at && between(started_at, finished_at, now),
  },
  { id: "worker", label: "Worker", weight: 9, value: ({ worker }) => worker, cell: ({ worker }) => <span className="muted">{worker}</span> },
  {
    id: "error",
    label: "Error",
    weight: 11,
    value: ({ status, failure, error }) => (status === "failed" ? (failure ? FAILURES[failure] : error) : null),
    written: ({ error }) => error,
    cell: ({ status, failure, error }) => status === "failed" && <span className="run-error" title={error ?? undefined}>{failure ? FAILURES[failure] : error}</span>,
  },
  { id: "attempt", label: "Attempt", weight: 6, number: true, value: ({ attempt }) => attempt || null, cell: ({ attempt }) => attempt || null },
  { id: "created", label: "Asked for", weight: 9, ...moment(({ created_at }) => created_at) },
  { id: "started", label: "Started", weight: 9, ...moment(({ started_at }) => started_at) },
  { id: "finished", label: "Ended", weight: 9, ...moment(({ finished_at }) => finished_at) },
  {
    id: "shared",
    label: "Also in",
    weight: 14,
    value: ({ shared_with }) => shared_with.length || null,
    written: (run, { sweeps }) => run.shared_with.map((id) => sweeps.get(id) ?? id).join("; "),
    cell: (run, { sweeps }) => <SharedWith run={run} sweeps={sweeps} />,
  },
];

export const USUAL = ["run", "arm", "seed", "state", "steps", "took", "worker", "error"];

function seconds({ started_at, finished_at }: SweepRun, { now }: Context): number | null {
  if (!started_at) return null;
  return Math.round(((finished_at ? Date.parse(finished_at) : now) - Date.parse(started_at)) / 1000);
}

function moment(read: (run: SweepRun) => string | null): Pick<Column, "value" | "written" | "cell"> {
  return {
    value: (run) => Date.parse(read(run) ?? "") || null,
    written: read,
    cell: (run, { now }) => {
      const at = read(run);
      return at && <time dateTime={at} title={exact(at)}>{ago(at, now)}</time>;
    },
  };
}

function Arm({ run }: { run: SweepRun }) {
  const others = run.shared_with.length;
  return (
    <span className="arm-cell">
      <span title={run.arm}>{run.arm}</span>
      {others > 0 && (
        <span className="tag quiet-tag" title={`${plural(others, "other sweep")} asks for it as well: what is done to it is done to them`}>
          shared
        </span>
      )}
    </span>
  );
}

function SharedWith({ run, sweeps }: { run: SweepRun; sweeps: Context["sweeps"] }) {
  return run.shared_with.map((id, index) => (
    <span key={id}>
      {index > 0 && ", "}
      <Link href={runsAddress(id)} tabIndex={-1}>{sweeps.get(id) ?? `sweep ${id}`}</Link>
    </span>
  ));
}
