import { useLocation } from "wouter";

import { useSteering } from "../api/actions";
import type { SweepDetail } from "../api/types";
import { Action } from "../shell/Action";
import { Notice, ProblemNotice } from "../shell/Notice";
import { plural } from "../text/numbers";
import { sweepButtons, sweepMenu } from "./verbs";

/** What can be done with a sweep all of whose runs were cancelled. */
export function WhollyCancelled({ sweep }: { sweep: SweepDetail }) {
  const steering = useSteering(sweep.id);
  const [, navigate] = useLocation();
  const verbs = [...sweepButtons(sweep), ...sweepMenu(sweep)];
  const ways = (["retry", "clone", "archive", "unarchive"] as const).flatMap((id) => {
    const verb = verbs.find((one) => one.id === id);
    return verb ? [{ ...verb, act: () => (id === "clone" ? navigate(`/new?from=${sweep.id}`) : steering.mutate({ verb: id })) }] : [];
  });
  return (
    <Notice title={`${sweep.progress.cancelled === 1 ? "Its run was" : `All ${plural(sweep.progress.cancelled, "run")} were`} cancelled, so there is nothing to compare`}>
      <div className="ways">
        {ways.map(({ id, label, meaning, whyNot, act }) => (
          <Action key={id} label={label} meaning={meaning} disabled={steering.isPending || whyNot !== undefined} {...(whyNot && { reason: whyNot })} onAct={act} />
        ))}
      </div>
      {steering.error && <ProblemNotice title="That was not done" error={steering.error} />}
    </Notice>
  );
}
