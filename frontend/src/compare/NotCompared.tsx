import { isConflict, Problem } from "../api/client";
import { useSweepRuns } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { ProblemNotice } from "../shell/Notice";
import { useListed } from "../shell/view";
import { ConfigDiff } from "./ConfigDiff";
import { runSubject } from "./diff";

interface Props {
  error: Error;
  sweep: SweepDetail;
  busy: boolean;
  /** As the address has it. */
  baseline: string | null;
  onBack: () => void;
}

/** Why there is no comparison, in the API's words, and what to do about it. */
export function NotCompared({ error, sweep, busy, baseline, onBack }: Props) {
  if (isConflict(error)) return <Unlike error={error} sweep={sweep} busy={busy} />;
  if (error instanceof Problem && error.code === "invalid" && baseline !== null) {
    return (
      <>
        <ProblemNotice title={`Nothing can be set against “${baseline}”`} error={error} />
        <button type="button" className="button" onClick={onBack}>
          Against {sweep.baseline}, as submitted
        </button>
      </>
    );
  }
  return <ProblemNotice title="The arms could not be compared" error={error} />;
}

/** The first and the last run show best what has changed while the sweep ran or was extended. */
function Unlike({ error, sweep, busy }: { error: Error; sweep: SweepDetail; busy: boolean }) {
  const ids = (useSweepRuns(sweep.id, busy).data?.runs ?? []).map(({ id }) => id);
  const [chosen, choose] = useListed("diff");
  const ends = ids.length > 1 ? [Math.min(...ids), Math.max(...ids)].map(runSubject) : [];
  return (
    <>
      <ProblemNotice title="These runs cannot be compared" error={error} />
      <section className="card" aria-labelledby="diff-title">
        <ConfigDiff sweep={sweep} busy={busy} chosen={chosen.length > 0 ? chosen : ends} onChoose={choose} />
      </section>
    </>
  );
}
