import { Link } from "wouter";

import { isLive, useRun } from "../api/queries";
import type { RunDetail } from "../api/types";
import { runAddress } from "../rollouts/addresses";
import { Configuration } from "../run/Configuration";
import { DeviceTime, TrainingSpeed } from "../run/DeviceUse";
import { Fact } from "../shell/Fact";
import { Attempts, Transitions } from "../run/History";
import { LogTail } from "../run/LogTail";
import { Reproduction } from "../run/Reproduction";
import { RunButtons } from "../run/RunActions";
import { RunMetrics } from "../run/RunMetrics";
import { runsAddress } from "../runs/address";
import { ActionHistory } from "../shell/ActionHistory";
import { Card } from "../shell/Card";
import { LiveMark } from "../shell/LiveMark";
import { Notice, ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { useTitle } from "../shell/title";
import { isAnalysis, RunName, runTitle } from "../sweep/RunName";
import { Status } from "../sweep/Status";
import { Steps } from "../sweep/Steps";
import { NotFoundPage } from "./NotFoundPage";

export default function RunPage({ id }: { id: number }) {
  const run = useRun(id);
  useTitle(run.data ? runTitle(run.data) : `Run ${id}`);
  if (!Number.isInteger(id)) return <NotFoundPage />;
  const busy = run.data ? isLive(run.data.status) : true;
  return (
    <>
      <div className="page-head">
        {run.data && <Crumbs run={run.data} />}
        <div className="page-title">
          <h1>{run.data ? <RunName run={run.data} /> : `Run ${id}`}</h1>
          {run.data && <span className="small muted">run {id}</span>}
          <LiveMark query={run} />
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
        <Link key={sweep.id} href={isAnalysis(run) ? `/sweeps/${sweep.id}?tab=behaviour` : runsAddress(sweep.id)}>
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
          {isAnalysis(run) ? <Analysed run={run} /> : <Trained run={run} busy={busy} />}
          <Fact name="Attempt">{run.attempt === 0 ? "not started" : run.attempt}</Fact>
          {run.worker && <Fact name="Worker">{run.worker}</Fact>}
          {run.attempts.length > 0 && <DeviceTime run={run} now={now} />}
        </dl>
        <RunButtons run={{ id: run.id, status: run.status, others: run.sweeps.length - 1 }} />
      </div>
      {!isAnalysis(run) && (
        <Card title="Metrics">
          <RunMetrics run={run} busy={busy} />
        </Card>
      )}
      <Card title="Log">
        <LogTail id={run.id} busy={busy} />
      </Card>
      <Card title="Attempts" flush>
        <Attempts run={run} now={now} />
      </Card>
      <Card title="What happened">
        <Transitions run={run} />
      </Card>
      {run.attempts.length > 0 && (
        <Card title="To repeat this run">
          <Reproduction run={run} />
        </Card>
      )}
      <Card title="Configuration">
        <Configuration run={run} />
      </Card>
      <ActionHistory subject="run" id={run.id} />
    </>
  );
}

function Trained({ run, busy }: { run: RunDetail; busy: boolean }) {
  return (
    <>
      <Fact name="Steps">
        <Steps run={run} />
      </Fact>
      {run.checkpoint_step > 0 && run.status !== "succeeded" && (
        <Fact name="Checkpoint">
          <span title="A retry goes on from there; a restart does not.">step {run.checkpoint_step}</span>
        </Fact>
      )}
      {run.attempts.length > 0 && <TrainingSpeed id={run.id} busy={busy} />}
      {run.step > 0 && run.total_steps > 0 && (
        <Fact name="Rollouts">
          <Link href={runAddress(run.sweep_id, run.arm, run.seed)}>read its completions</Link>
        </Fact>
      )}
    </>
  );
}

function Analysed({ run }: { run: RunDetail }) {
  return (
    <>
      {run.status === "running" && run.phase && <Fact name="Now">{run.phase}</Fact>}
      {run.status === "succeeded" && (
        <Fact name="Figures">
          <Link href={`/sweeps/${run.sweep_id}?tab=behaviour`}>read what it found</Link>
        </Fact>
      )}
    </>
  );
}

/** What a failed run is opened for: what happened, what it means, what to do, and its last words. */
function Failure({ run }: { run: RunDetail }) {
  const advice = run.failure_advice;
  return (
    <Notice tone="danger" title={advice?.title ?? "The run failed"}>
      {advice && <p>{advice.meaning}</p>}
      {advice && (
        <p>
          <b>What to do:</b> {advice.remedy}
        </p>
      )}
      {run.error && <pre className="wrap">{run.error}</pre>}
      {run.last_lines && (
        <>
          <p className="small muted">The last lines of its log:</p>
          <pre className="log" tabIndex={0} role="region" aria-label="Last lines of the log">
            {run.last_lines}
          </pre>
        </>
      )}
    </Notice>
  );
}
