import { useState } from "react";

import { useBehaviour } from "../api/behaviours";
import { Problem } from "../api/client";
import type { SweepDetail } from "../api/types";
import { ProblemNotice, SkeletonTab } from "../shell/Notice";
import { useView } from "../shell/view";
import type { TabProps } from "../sweep/tabs";
import { Behaviour } from "./Behaviour";
import { Bonuses } from "./Bonuses";
import { NothingAsked } from "./NothingAsked";
import { UnderWay } from "./UnderWay";

/** What happens at high-entropy tokens, and whether reasoning still depends on the question. */
export function BehaviourTab({ id, sweep }: TabProps) {
  const [parameters, change] = useView();
  const [held, hold] = useState<string | null>(null);
  const { data, error } = useBehaviour(id, parameters.get("inquiry") ?? held);
  // Nothing moves under a reader's eyes because a later inquiry tells something as well.
  if (data?.inquiry && data.arms.length > 0 && held === null) hold(data.inquiry);
  if (!data) return error ? <Refused error={error} onBack={() => change({ inquiry: null })} /> : <SkeletonTab className="behaviour" pair="behaviour-pair" />;
  if (data.arms.length > 0) return <Behaviour sweep={sweep} behaviour={data} />;
  return (
    <div className="behaviour">
      {data.inquiries.length === 0 ? <NothingAsked sweep={sweep} /> : <UnderWay sweep={sweep} behaviour={data} />}
      <Regulated sweep={sweep} />
    </div>
  );
}

/** What training completions tell needs no analysis. */
function Regulated({ sweep }: { sweep: SweepDetail }) {
  const shaped = sweep.arms_list.filter((arm) => arm.method.method === "entropy_shaped");
  return shaped.length > 0 && sweep.progress.succeeded + sweep.progress.running > 0 ? <Bonuses sweep={sweep} /> : null;
}

function Refused({ error, onBack }: { error: Error; onBack: () => void }) {
  return (
    <>
      <ProblemNotice title="The analyses could not be loaded" error={error} />
      {error instanceof Problem && error.errors.some(({ field }) => field === "inquiry") && (
        <button type="button" className="button" onClick={onBack}>
          Show the latest analyses
        </button>
      )}
    </>
  );
}
