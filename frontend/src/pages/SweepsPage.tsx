import { useDeferredValue } from "react";
import { Link, useSearchParams } from "wouter";

import { BUSY_MS, IDLE_MS, isUnfinished, useSweeps } from "../api/queries";
import type { SweepSummary } from "../api/types";
import { LiveMark } from "../shell/LiveMark";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { useTitle } from "../shell/title";
import { Marks } from "../sweep/Marks";
import { ProgressBar, progressWords } from "../sweep/ProgressBar";
import { count } from "../text/numbers";
import { ago, duration, exact } from "../text/times";

export function SweepsPage() {
  const [parameters, setParameters] = useSearchParams();
  const search = parameters.get("search") ?? "";
  const archived = parameters.has("archived");
  const sweeps = useSweeps(useDeferredValue(search), archived);
  const busy = sweeps.data?.sweeps.some((sweep) => isUnfinished(sweep.progress)) ?? false;
  useTitle("Sweeps");

  function show(text: string, old: boolean) {
    setParameters({ ...(text && { search: text }), ...(old && { archived: "1" }) }, { replace: true });
  }

  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h1>Sweeps</h1>
          <LiveMark dataUpdatedAt={sweeps.dataUpdatedAt} error={sweeps.error} expectedMs={busy ? BUSY_MS : IDLE_MS} />
        </div>
        <div className="list-filters">
          <label className="check">
            <input type="checkbox" checked={archived} onChange={(event) => show(search, event.target.checked)} />
            Archived
          </label>
          <input
            type="search"
            className="search"
            placeholder="Search by name"
            aria-label="Search sweeps by name"
            value={search}
            onChange={(event) => show(event.target.value, archived)}
          />
        </div>
      </div>
      {sweeps.error && !sweeps.data && <ProblemNotice title="The sweeps could not be loaded" error={sweeps.error} />}
      {!sweeps.data && !sweeps.error && <Skeleton lines={5} height="2.5rem" />}
      {sweeps.data && <SweepList sweeps={sweeps.data.sweeps} total={sweeps.data.total} search={search} archived={archived} />}
    </>
  );
}

interface ListProps {
  sweeps: SweepSummary[];
  total: number;
  search: string;
  archived: boolean;
}

function SweepList({ sweeps, total, search, archived }: ListProps) {
  const now = useNow(30_000);
  if (sweeps.length === 0) return search ? <NothingFound search={search} /> : archived ? <NothingArchived /> : <FirstSweep />;
  return (
    <>
      <div className="card flush">
        <table className="list cards">
          <caption className="visually-hidden">{archived ? "Archived sweeps, newest first" : "Sweeps, newest first"}</caption>
          <thead>
            <tr>
              <th scope="col">Sweep</th>
              <th scope="col">Progress</th>
              <th scope="col" className="number">Arms</th>
              <th scope="col" className="number">Seeds</th>
              <th scope="col" className="number">Time left</th>
              <th scope="col">Created</th>
            </tr>
          </thead>
          <tbody>
            {sweeps.map((sweep) => (
              <SweepRow key={sweep.id} sweep={sweep} now={now} />
            ))}
          </tbody>
        </table>
      </div>
      {total > sweeps.length && (
        <p className="small muted">
          Showing the newest {count(sweeps.length)} of {count(total)} sweeps. Search to find older ones.
        </p>
      )}
    </>
  );
}

function SweepRow({ sweep, now }: { sweep: SweepSummary; now: number }) {
  const { progress } = sweep;
  return (
    <tr>
      <td className="sweep-name" data-label="Sweep">
        <Link href={`/sweeps/${sweep.id}`}>{sweep.name}</Link>
        <span className="small muted">
          {sweep.model} on {sweep.task} · {sweep.owner}
        </span>
        <span className="marks">
          <Marks sweep={sweep} />
        </span>
      </td>
      <td className="sweep-progress" data-label="Progress">
        <ProgressBar progress={progress} />
        <span className="small muted">{progressWords(progress)}</span>
      </td>
      <td className="number" data-label="Arms">{count(sweep.arms)}</td>
      <td className="number" data-label="Seeds">{count(sweep.seeds)}</td>
      <td className="number" data-label="Time left">{timeLeft(sweep)}</td>
      <td data-label="Created">
        <time dateTime={sweep.created_at} title={exact(sweep.created_at)}>
          {ago(sweep.created_at, now)}
        </time>
      </td>
    </tr>
  );
}

function timeLeft({ progress }: SweepSummary): string {
  if (!isUnfinished(progress)) return "done";
  return progress.eta_seconds === null ? "not known yet" : duration(progress.eta_seconds);
}

function FirstSweep() {
  return (
    <Empty title="No sweeps yet">
      <p>
        A sweep asks one question: a model, a task, and the arms to compare over a few seeds. Start from an example; a preview
        shows its runs before anything is queued.
      </p>
      <p>
        <Link href="/new" className="button primary">
          New sweep
        </Link>
      </p>
    </Empty>
  );
}

function NothingArchived() {
  return (
    <Empty title="Nothing is archived">
      <p>
        A finished sweep can be archived on its page. <Link href="/">Show the others</Link>
      </p>
    </Empty>
  );
}

function NothingFound({ search }: { search: string }) {
  return (
    <Empty title="No sweep has that name">
      <p>
        Nothing matches “{search}”. <Link href="/">Show all sweeps</Link>
      </p>
    </Empty>
  );
}
