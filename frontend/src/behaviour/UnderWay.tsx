import { Link } from "wouter";

import { useAnalyses } from "../api/behaviours";
import type { SweepBehaviour, SweepDetail } from "../api/types";
import { Card } from "../shell/Card";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { Status } from "../sweep/Status";
import { count } from "../text/numbers";
import { AnalyseButton } from "./AnalyseButton";
import { chosenInquiry } from "./figures";
import { inquiryWords, progressWords } from "./words";

const MOST = 12;

/** Analyses were asked for and none is done: how far they are, or why they stopped. */
export function UnderWay({ sweep, behaviour }: { sweep: SweepDetail; behaviour: SweepBehaviour }) {
  const inquiry = chosenInquiry(behaviour);
  const { data, error } = useAnalyses(sweep.id);
  return (
    <Card title="No analysis is done yet" actions={<AnalyseButton sweep={sweep} label="Analyse more…" />}>
      {inquiry && (
        <p className="small muted" role="status">
          {progressWords(inquiry)}. {inquiryWords(inquiry).join(", ")}.
        </p>
      )}
      {!data && (error ? <ProblemNotice title="The analyses could not be loaded" error={error} /> : <Skeleton lines={3} height="1.8rem" />)}
      {data && (
        <div className="scroll-box" tabIndex={0} role="region" aria-label="Analyses">
          <table className="list compact">
            <thead>
              <tr>
                <th scope="col">Of</th>
                <th scope="col">State</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {data.analyses.slice(0, MOST).map((one) => (
                <tr key={one.run_id}>
                  <th scope="row">
                    <Link href={`/runs/${one.run_id}`}>{one.step === 0 ? one.arm : `${one.arm}, seed ${one.seed}, step ${one.step}`}</Link>
                  </th>
                  <td>
                    <Status status={one.status} />
                  </td>
                  <td>{one.error ?? one.phase}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {data.analyses.length > MOST && <p className="small muted">and {count(data.analyses.length - MOST)} more</p>}
        </div>
      )}
      <p className="small muted">
        Figures appear as soon as the first is done. <Link href="/workers">The workers</Link> take analyses between the runs of all sweeps.
      </p>
    </Card>
  );
}
