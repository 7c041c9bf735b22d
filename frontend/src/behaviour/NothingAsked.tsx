import type { SweepDetail } from "../api/types";
import { Empty } from "../shell/Notice";
import { AnalyseButton } from "./AnalyseButton";

/** Before anything was asked: which questions an analysis answers, and what it takes. */
export function NothingAsked({ sweep }: { sweep: SweepDetail }) {
  const trained = sweep.progress.succeeded > 0;
  return (
    <Empty title="Nothing has been looked at yet">
      <p>
        An analysis draws traces of a run’s weights on evaluation problems and tells: is entropy higher where the model chooses a word, checks itself, or writes
        something unusual? Does that hold in the same place of the same problem? Does training change it? And do traces still depend on the question?
      </p>
      <p>
        Each takes about as long as an evaluation of as many tokens, waits in the queue as a run does, and is never made twice. What it costs at most is said before
        it is queued.
      </p>
      <div className="empty-action">
        <AnalyseButton sweep={sweep} label={trained ? "Analyse the runs…" : "Analyse the untrained model…"} primary />
      </div>
      {!trained && <p className="small">Trained runs can be looked at as soon as the first has succeeded.</p>}
    </Empty>
  );
}
