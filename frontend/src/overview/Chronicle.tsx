import { Link } from "wouter";

import { useChronicle } from "../api/overviews";
import type { Happening } from "../api/types";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { Status } from "../sweep/Status";
import { ago, exact } from "../text/times";
import { ACTIONS } from "../text/words";

/** What happened lately: what somebody did, and what became of runs, each with who and why. */
export function Chronicle({ id, busy }: { id: number; busy: boolean }) {
  const told = useChronicle(id, busy);
  const now = useNow(30_000);
  return (
    <section className="card chronicle" aria-labelledby="chronicle-title">
      <h2 id="chronicle-title">Lately</h2>
      {told.error && !told.data && <ProblemNotice title="What happened could not be loaded" error={told.error} />}
      {told.isPending && <Skeleton lines={4} />}
      {told.data && (
        <ol>
          {told.data.map((one) => (
            <li key={`${one.at} ${one.run_id ?? one.action}`}>
              <span className="chronicle-what">
                <What one={one} />
              </span>
              <time className="small muted" dateTime={one.at} title={exact(one.at)}>
                {ago(one.at, now)}
              </time>
              {one.reason && one.status !== "succeeded" && <span className="small muted wrap">{reasonOf(one)}</span>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function What({ one }: { one: Happening }) {
  if (one.action) {
    return (
      <>
        <b>{one.actor}</b> {ACTIONS[one.action] ?? one.action}
      </>
    );
  }
  return (
    <>
      {one.status && <Status status={one.status} />}{" "}
      <Link href={`/runs/${one.run_id}`}>
        {one.arm}, seed&nbsp;{one.seed}
      </Link>
    </>
  );
}

/** "claimed, by worker vm/cpu:0" */
function reasonOf({ action, actor, reason }: Happening): string {
  return action || actor.startsWith("attempt") ? reason : `${reason}, by ${actor}`;
}
