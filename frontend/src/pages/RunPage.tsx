import type { ReactNode } from "react";
import { Link } from "wouter";

import { useRunAction } from "../api/actions";
import { isLive, pace, useRun } from "../api/queries";
import type { RunDetail } from "../api/types";
import { Configuration } from "../run/Configuration";
import { Attempts, Transitions } from "../run/History";
import { LogTail } from "../run/LogTail";
import { RunMetrics } from "../run/RunMetrics";
import { Action } from "../shell/Action";
import { LiveMark } from "../shell/LiveMark";
import { Notice, ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { useTitle } from "../shell/title";
import { Steps } from "../sweep/RunsTab";
import { Status } from "../sweep/Status";
import { between } from "../text/times";
import { FAILURES } from "../text/words";
import { NotFoundPage } from "./NotFoundPage";

export function RunPage({ id }: { id: number }) {
  const run = useRun(id);
  useTitle(`Run ${id}`);
  if (!Number.isInteger(id)) return <NotFoundPage />;
  const busy = run.data ? isLive(run.data.status) : true;
  return (
    <>
      <div className="page-head">
        {run.data && <Crumbs run={run.data} />}
        <div className="page-title">
          <h1>{run.data ? `${run.data.arm}, seed ${run.data.seed}` : `Run ${id}`}</h1>
          <LiveMark dataUpdatedAt={run.dataUpdatedAt} error={run.error} expectedMs={pace(busy)} />
        </div>
      </div>
      {run.error && !run.data && <ProblemNotice title="The run could not be loaded" error={run.error} />}
      {!run.data && !run.error && <Skeleton lines={8} height="2rem" />}
      {run.data && <Loaded run={run.data} busy={busy} />}
    </>
  );
}

function Crumbs({ run }: { run: RunDetail }) {
  return (
    <nav className="crumbs small" aria-label="Where this is">
      <Link href="/">Sweeps</Link>
      {run.sweeps.map((sweep) => (
        <Link key={sweep.id} href={`/sweeps/${sweep.id}?tab=runs`}>
          {sweep.name}
        </Link>
      ))}
    </nav>
  );
}

function Loaded({ run, busy }: { run: RunDetail; busy: boolean }) {
  const now = useNow(5000);
  return (
    <>
      {run.status === "failed" && <Failure run={run} />}
      <div className="card run-state">
        <dl className="facts">
          <Fact name="State">
            <Status status={run.status} />
          </Fact>
          <Fact name="Steps">
            <Steps run={run} />
          </Fact>
          <Fact name="Attempt">{run.attempt === 0 ? "not started" : run.attempt}</Fact>
          <Fact name="Took">{run.started_at ? between(run.started_at, run.finished_at, now) : "not started"}</Fact>
          {run.worker && <Fact name="Worker">{run.worker}</Fact>}
        </dl>
        <RunActions run={run} />
      </div>
      <Card title="Metrics">
        <RunMetrics id={run.id} busy={busy} />
      </Card>
      <Card title="Log">
        <LogTail id={run.id} busy={busy} />
      </Card>
      <div className="two">
        <Card title="What happened">
          <Transitions run={run} />
        </Card>
        <Card title="Attempts">
          <Attempts run={run} now={now} />
        </Card>
      </div>
      <Card title="Configuration">
        <Configuration run={run} />
      </Card>
    </>
  );
}

function Failure({ run }: { run: RunDetail }) {
  const words = run.failure ? FAILURES[run.failure] : null;
  return (
    <Notice tone="danger" title={words?.title ?? "The run failed"}>
      {words && <p>{words.advice}</p>}
      {run.error && <pre className="wrap">{run.error}</pre>}
    </Notice>
  );
}

function RunActions({ run }: { run: RunDetail }) {
  const cancel = useRunAction(run.id, "cancel");
  const retry = useRunAction(run.id, "retry");
  const error = cancel.error ?? retry.error;
  const shared = run.sweeps.length > 1 ? ` for all ${run.sweeps.length} sweeps that share it` : "";
  const stoppable = run.status === "queued" || run.status === "running";
  const repeatable = run.status === "failed" || run.status === "cancelled";
  return (
    <>
      <div className="actions">
        {stoppable && <Action label="Cancel" meaning={`Stops this run${shared}.`} disabled={cancel.isPending} danger onAct={() => cancel.mutate()} />}
        {repeatable && <Action label="Retry" meaning="Queues this run again, from its first step." disabled={retry.isPending} onAct={() => retry.mutate()} />}
      </div>
      {error && <ProblemNotice title="That was not done" error={error} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
      </div>
      {children}
    </section>
  );
}
