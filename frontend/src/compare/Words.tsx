import { useConclusion } from "../api/queries";
import type { Comparison } from "../api/types";
import { Notice, ProblemNotice, Skeleton } from "../shell/Notice";

interface Props {
  words: ReturnType<typeof useConclusion>;
  note: Comparison["interval_note"];
}

/** What may be said, what limits it, and what the intervals leave out: before any number. */
export function Words({ words: { data, error }, note }: Props) {
  if (error && !data) return <ProblemNotice title="The conclusion could not be loaded" error={error} />;
  if (!data) return <Skeleton lines={3} />;
  return (
    <section className="conclusion" aria-label="Conclusion">
      <p className="conclusion-text">{data.conclusion}</p>
      <p className="small muted">{note}</p>
      {data.warnings.length > 0 && (
        <Notice tone="warn">
          <ul className="small warnings">
            {data.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  );
}
