import { Link } from "wouter";

import { useLeader, useStanding } from "../api/overviews";
import { useWorkers } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { nextSteps } from "./next";

/** What may be said by now, and what to do next. */
export function Standing({ sweep, busy }: { sweep: SweepDetail; busy: boolean }) {
  const standing = useStanding(sweep.id, busy);
  const leader = useLeader(sweep, true).data;
  const workers = useWorkers().data?.filter((worker) => worker.alive).length;
  const steps = nextSteps(sweep, leader, workers);
  return (
    <section className="card standing" aria-labelledby="standing-title">
      <h2 id="standing-title">What may be said{busy ? " so far" : ""}</h2>
      {standing.data && <p className="standing-words">{standing.data.conclusion}</p>}
      {standing.data && leader?.arm && standing.data.warnings.length > 0 && (
        <p className="small muted">
          {standing.data.warnings.length === 1 ? "One thing weakens it" : `${standing.data.warnings.length} things weaken it`}:{" "}
          <Link href={`/sweeps/${sweep.id}?tab=compare`}>see Compare</Link>.
        </p>
      )}
      {standing.error && !standing.data && <ProblemNotice title="The conclusion could not be loaded" error={standing.error} />}
      {standing.isPending && <Skeleton lines={2} />}
      {steps.length > 0 && (
        <>
          <h3>What to do next</h3>
          <ul className="next-steps">
            {steps.map(({ words, link }) => (
              <li key={words}>
                {words} {link && <Link href={link.to}>{link.words}</Link>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
