import { Link } from "wouter";

import { useSteering } from "../api/actions";
import { isUnfinished } from "../api/queries";
import { useSession } from "../api/session";
import type { SweepSort, SweepSummary } from "../api/types";
import { Menu } from "../shell/Menu";
import { useNow } from "../shell/now";
import { SortHead } from "../shell/SortHead";
import { refused } from "../shell/verbs";
import { Marks } from "../sweep/Marks";
import { ProgressBar, progressWords } from "../sweep/ProgressBar";
import { sweepMenu } from "../sweep/verbs";
import { count } from "../text/numbers";
import { ago, duration, exact } from "../text/times";
import { BestArm } from "./BestArm";
import { type Column, columnOf, COLUMNS } from "./view";

interface Props {
  sweeps: SweepSummary[];
  sort: SweepSort;
  caption: string;
  onSort: (column: Column) => void;
  onClone: (id: number) => void;
}

export function SweepTable({ sweeps, sort, caption, onSort, onClone }: Props) {
  const now = useNow(30_000);
  const sorted = sort.startsWith("-") ? "descending" : "ascending";
  const head = (column: Column, className?: string) => (
    <SortHead label={COLUMNS[column].label} className={className} sorted={columnOf(sort) === column ? sorted : undefined} onSort={() => onSort(column)} />
  );
  return (
    <div className="card flush">
      <table className="list cards sweeps">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {head("name")}
            {head("done")}
            <th scope="col">Best arm</th>
            {head("owner")}
            {head("arms", "number")}
            <th scope="col" className="number">
              Time left
            </th>
            {head("created")}
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sweeps.map((sweep) => (
            <SweepRow key={sweep.id} sweep={sweep} now={now} onClone={onClone} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SweepRow({ sweep, now, onClone }: { sweep: SweepSummary; now: number; onClone: (id: number) => void }) {
  const { progress } = sweep;
  return (
    <tr>
      <td className="sweep-name" data-label="Sweep">
        <Link href={`/sweeps/${sweep.id}`}>{sweep.name}</Link>
        <span className="small muted">
          {sweep.model} on {sweep.task}
        </span>
        <span className="marks">
          <Marks sweep={sweep} />
        </span>
      </td>
      <td className="sweep-progress" data-label="Progress">
        <ProgressBar progress={progress} />
        <span className="small muted">{progressWords(progress)}</span>
      </td>
      <td data-label="Best arm">
        <BestArm sweep={sweep} />
      </td>
      <td data-label="Owner">{sweep.owner}</td>
      <td className="number" data-label="Arms × seeds">
        {count(sweep.arms)} × {count(sweep.seeds)}
      </td>
      <td className="number" data-label="Time left">
        {timeLeft(sweep)}
      </td>
      <td data-label="Created" className="unbroken">
        <time dateTime={sweep.created_at} title={exact(sweep.created_at)}>
          {ago(sweep.created_at, now)}
        </time>
      </td>
      <td className="row-actions">
        <SweepMenu sweep={sweep} onClone={onClone} />
      </td>
    </tr>
  );
}

function timeLeft({ progress }: SweepSummary): string {
  if (!isUnfinished(progress)) return "done";
  return progress.eta_seconds === null ? "not known yet" : duration(progress.eta_seconds);
}

/** What is done to a sweep from the list: the rest asks for a look at it first. */
function SweepMenu({ sweep, onClone }: { sweep: SweepSummary; onClone: (id: number) => void }) {
  const steering = useSteering(sweep.id);
  const forbidden = useSession().why("editor");
  const verbs = sweepMenu(sweep).filter(({ id }) => id === "clone" || id === "archive" || id === "unarchive");
  return (
    <>
      <Menu
        label={`Actions for ${sweep.name}`}
        face="⋯"
        quiet
        verbs={refused(verbs, forbidden)}
        onAct={(verb) => {
          if (verb === "clone") onClone(sweep.id);
          else if (verb === "archive" || verb === "unarchive") steering.mutate({ verb });
        }}
      />
      {steering.error && (
        <span className="small run-error" role="alert">
          {steering.error.message}
        </span>
      )}
    </>
  );
}
