import { isUnfinished } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { Fact } from "../shell/Fact";
import { useNow } from "../shell/now";
import { plural } from "../text/numbers";
import { ago, duration, exact } from "../text/times";
import { ConfirmsLine } from "./Confirmations";
import { ProgressBar, ProgressLegend } from "./ProgressBar";
import { SweepActions } from "./SweepActions";

interface Props {
  sweep: SweepDetail;
  /** On a phone, only what changes and what can be done. */
  brief?: boolean;
}

export function SweepHeader({ sweep, brief = false }: Props) {
  const { progress } = sweep;
  const now = useNow(30_000);
  const unfinished = isUnfinished(progress);
  return (
    <div className={brief ? "sweep-header brief" : "sweep-header"}>
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
      </p>
      <div className="card sweep-state">
        <ProgressBar progress={progress} />
        <div className="sweep-figures">
          <ProgressLegend progress={progress} />
          <dl className="facts small">
            <Fact name="Time left">{unfinished ? (progress.eta_seconds === null ? "not known yet" : `about ${duration(progress.eta_seconds)}`) : "done"}</Fact>
            <Fact name="Device time">{duration(progress.device_seconds)}</Fact>
          </dl>
        </div>
        <SweepActions sweep={sweep} />
      </div>
    </div>
  );
}
