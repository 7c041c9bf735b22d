import { useLocation } from "wouter";

import { useSweepCancel, useSweepRetry } from "../api/actions";
import { Problem } from "../api/client";
import { isUnfinished } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { Action } from "../shell/Action";
import { ProblemNotice } from "../shell/Notice";
import { useNow } from "../shell/now";
import { plural } from "../text/numbers";
import { ago, duration, exact } from "../text/times";
import { ConfirmationList, ConfirmsLine } from "./Confirmations";
import { ProgressBar, ProgressLegend } from "./ProgressBar";

export function SweepHeader({ sweep }: { sweep: SweepDetail }) {
  const { progress } = sweep;
  const now = useNow(30_000);
  const unfinished = isUnfinished(progress);
  return (
    <>
      <ConfirmsLine confirms={sweep.confirms} />
      {sweep.question && <p className="question">{sweep.question}</p>}
      <p className="small muted facts">
        <span>
          {sweep.model} on {sweep.task}
        </span>
        <span>{plural(sweep.arms, "arm")}</span>
        <span>{plural(sweep.seeds, "seed")}</span>
        <span>
          by {sweep.owner},{" "}
          <time dateTime={sweep.created_at} title={exact(sweep.created_at)}>
            {ago(sweep.created_at, now)}
          </time>
        </span>
        <span>
          <a href={`/api/sweeps/${sweep.id}/report.html`} target="_blank" rel="noreferrer" title="One page to keep, send or print">
            Report
          </a>
        </span>
      </p>
      <div className="card sweep-state">
        <ProgressBar progress={progress} />
        <div className="sweep-figures">
          <ProgressLegend progress={progress} />
          <dl className="facts small">
            <div>
              <dt>Time left</dt>
              <dd>{unfinished ? (progress.eta_seconds === null ? "not known yet" : `about ${duration(progress.eta_seconds)}`) : "done"}</dd>
            </div>
            <div>
              <dt>Device time</dt>
              <dd>{duration(progress.device_seconds)}</dd>
            </div>
          </dl>
        </div>
        <SweepActions sweep={sweep} unfinished={unfinished} />
      </div>
      <ConfirmationList confirmations={sweep.confirmations} />
    </>
  );
}

function SweepActions({ sweep, unfinished }: { sweep: SweepDetail; unfinished: boolean }) {
  const cancel = useSweepCancel(sweep.id);
  const retry = useSweepRetry(sweep.id);
  const [, navigate] = useLocation();
  const lost = sweep.progress.failed + sweep.progress.cancelled;
  const moving = sweep.progress.queued + sweep.progress.running;
  const error = cancel.error ?? retry.error;

  function confirmCancel() {
    if (!window.confirm(`Cancel ${plural(moving, "unfinished run")} of this sweep?`)) return;
    cancel.mutate(false, { onError: confirmShared });
  }

  /** While runs are unfinished, the one conflict is that other sweeps share every one of them. */
  function confirmShared(refused: Error) {
    const shared = moving > 0 && refused instanceof Problem && refused.code === "conflict";
    if (shared && window.confirm("Other sweeps share all of its unfinished runs. Stop them for those sweeps too?")) {
      cancel.mutate(true);
    }
  }

  return (
    <>
      <div className="actions">
        <Action
          label="Cancel"
          meaning="Stops its unfinished runs; runs shared with other sweeps go on."
          reason="Nothing is left to cancel."
          disabled={!unfinished || cancel.isPending}
          danger
          onAct={confirmCancel}
        />
        <Action
          label="Retry failed"
          meaning={`Queues ${plural(lost, "failed or cancelled run")} again.`}
          reason="No run has failed or was cancelled."
          disabled={lost === 0 || retry.isPending}
          onAct={() => retry.mutate()}
        />
        <Action label="Clone" meaning="Opens a copy to edit; equal runs are shared, not repeated." disabled={false} onAct={() => navigate(`/new?from=${sweep.id}`)} />
      </div>
      {error && <ProblemNotice title="That was not done" error={error} />}
    </>
  );
}
