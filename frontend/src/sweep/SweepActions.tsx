import { Suspense, useState } from "react";
import { useLocation } from "wouter";

import { useSteering } from "../api/actions";
import { useSession } from "../api/session";
import type { SweepDetail } from "../api/types";
import { late } from "../shell/arriving";
import { Boundary } from "../shell/Boundary";
import { Menu } from "../shell/Menu";
import { ProblemNotice } from "../shell/Notice";
import { VerbButton } from "../shell/VerbButton";
import { refused } from "../shell/verbs";
import { CancelSweep, DrainSweep, LimitSweep, PrioritiseSweep } from "./SteeringDialogs";
import { sweepButtons, sweepMenu, type SweepVerb } from "./verbs";

// Arrives when asked for, with the fields of the editor, which few visits need.
const ExtendDialog = late(() => import("../extend/ExtendDialog"));

type Asked = Extract<SweepVerb, "cancel" | "drain" | "priority" | "limit" | "extend">;

/** What can be done with a sweep: some at once, some after a question. */
export function SweepActions({ sweep }: { sweep: SweepDetail }) {
  const steering = useSteering(sweep.id);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [, navigate] = useLocation();
  const forbidden = useSession().why("editor");

  function act(verb: SweepVerb) {
    steering.reset();
    if (verb === "clone") navigate(`/new?from=${sweep.id}`);
    else if (isAsked(verb)) setAsked(verb);
    else steering.mutate({ verb });
  }

  const close = () => setAsked(null);
  const steer = { steering, onClose: close };
  return (
    <>
      <div className="actions verbs">
        {refused(sweepButtons(sweep), forbidden).map((verb) => (
          <VerbButton key={verb.id} verb={verb} busy={steering.isPending} onAct={act} />
        ))}
        <Menu label="More" verbs={refused(sweepMenu(sweep), forbidden)} onAct={act} />
      </div>
      {steering.error && asked === null && <ProblemNotice title="That was not done" error={steering.error} />}
      {asked === "cancel" && <CancelSweep sweep={sweep} {...steer} />}
      {asked === "drain" && <DrainSweep sweep={sweep} {...steer} />}
      {asked === "priority" && <PrioritiseSweep sweep={sweep} {...steer} />}
      {asked === "limit" && <LimitSweep sweep={sweep} {...steer} />}
      {asked === "extend" && (
        <Boundary>
          <Suspense>
            <ExtendDialog sweep={sweep} onClose={close} />
          </Suspense>
        </Boundary>
      )}
    </>
  );
}

function isAsked(verb: Exclude<SweepVerb, "clone">): verb is Asked {
  return verb === "cancel" || verb === "drain" || verb === "priority" || verb === "limit" || verb === "extend";
}
