import { useSweepRuns } from "../api/queries";
import { ActionHistory } from "../shell/ActionHistory";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { ConfirmationList } from "../sweep/Confirmations";
import { Fruitless, isFruitless } from "../sweep/Fruitless";
import type { TabProps } from "../sweep/tabs";
import { ArmMatrix } from "./ArmMatrix";
import { Chronicle } from "./Chronicle";
import { ConditionsCard } from "./ConditionsCard";
import { Standing } from "./Standing";

/** What the sweep is, how far it has come, what may be said so far, and what to do next. */
export function OverviewTab({ id, sweep, busy }: TabProps) {
  const runs = useSweepRuns(id, busy);
  return (
    <>
      {isFruitless(sweep) && <Fruitless sweep={sweep} />}
      <div className="overview">
        <div className="overview-main">
          <Standing sweep={sweep} busy={busy} />
          {runs.data && <ArmMatrix arms={sweep.arms_list} runs={runs.data.runs} sharing={runs.data.sweeps} />}
          {!runs.data && runs.error && <ProblemNotice title="The runs could not be loaded" error={runs.error} />}
          {!runs.data && !runs.error && <Skeleton lines={6} height="2rem" />}
          <ConfirmationList confirmations={sweep.confirmations} />
          <Chronicle id={id} busy={busy} />
        </div>
        <div className="overview-side">
          <ConditionsCard sweep={sweep} />
          <ActionHistory subject="sweep" id={id} />
        </div>
      </div>
    </>
  );
}
