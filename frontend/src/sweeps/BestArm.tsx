import { useRef } from "react";

import { isConflict } from "../api/client";
import { useLeader } from "../api/overviews";
import { isUnfinished } from "../api/queries";
import type { Leader, SweepSummary } from "../api/types";
import { useSeen } from "../shell/seen";
import { ArmName } from "../sweep/ArmName";
import { delta, NOTHING, signedRange } from "../text/numbers";

/** What may be said of the best arm, asked for once its row is in view. */
export function BestArm({ sweep }: { sweep: SweepSummary }) {
  const cell = useRef<HTMLSpanElement>(null);
  const seen = useSeen(cell);
  const leader = useLeader(sweep, seen);
  const done = !isUnfinished(sweep.progress);
  return (
    <span ref={cell} className="best-arm">
      {leader.data && <Said leader={leader.data} done={done} />}
      {!leader.data && leader.error && <Unknown error={leader.error} />}
      {!leader.data && !leader.error && <span className="muted">{waitWords(sweep, leader.isLoading)}</span>}
    </span>
  );
}

/** That its runs are unlike one another is told of the sweep; anything else only of the moment. */
function Unknown({ error }: { error: Error }) {
  if (isConflict(error)) {
    return (
      <span className="muted" title={error.message}>
        not comparable
      </span>
    );
  }
  return (
    <span className="muted" title={error.message}>
      <span aria-hidden="true">{NOTHING}</span>
      <span className="visually-hidden">{error.message}</span>
    </span>
  );
}

function waitWords({ progress }: SweepSummary, loading: boolean): string {
  if (progress.succeeded > 0) return loading ? "…" : "";
  return progress.failed + progress.cancelled === progress.total ? "no result" : "not yet";
}

function Said({ leader, done }: { leader: Leader; done: boolean }) {
  const { arm, delta: difference, k, words } = leader;
  if (!arm || !difference) {
    return (
      <span className="muted" title={words}>
        {done ? "nothing to compare" : "not yet"}
      </span>
    );
  }
  const adjusted = { low: difference.adjusted_low, high: difference.adjusted_high };
  const figures = `${delta(difference.mean)} (${signedRange(adjusted)}) points pass@${k}`;
  if (!difference.established) {
    return (
      <span className="muted" title={`Highest: ${arm}, ${figures}`}>
        no difference established
      </span>
    );
  }
  if (difference.mean < 0) {
    return (
      <span title={`Highest: ${arm}, ${figures}`}>
        none beats the baseline
        <span className="small muted">{figures}</span>
      </span>
    );
  }
  return (
    <span>
      <ArmName name={arm} />
      <span className="small muted">{figures}</span>
    </span>
  );
}
