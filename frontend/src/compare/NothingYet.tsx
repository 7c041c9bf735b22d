import { Link } from "wouter";

import type { SweepDetail } from "../api/types";
import { Notice } from "../shell/Notice";
import { plural } from "../text/numbers";

/** Before the first run is graded: what is going on, and where there is something to see meanwhile. */
export function NothingYet({ sweep }: { sweep: SweepDetail }) {
  const { running, queued, total, failed } = sweep.progress;
  const parts = [running > 0 && `${running} running`, queued > 0 && `${queued} queued`, failed > 0 && `${failed} failed`].filter(Boolean);
  return (
    <Notice title="Nothing to compare yet">
      <p>
        Of {plural(total, "run")}, {parts.join(", ") || "none has been started"}. Figures appear here as soon as the first run has trained
        and is graded, and with the second seed their intervals contain training noise.
      </p>
      <p>
        Meanwhile, <Link href={`/sweeps/${sweep.id}?tab=curves`}>the curves</Link> show how training goes
        {running === 0 && (
          <>
            , and <Link href="/workers">the workers</Link> who is there to start it
          </>
        )}
        .
      </p>
    </Notice>
  );
}
