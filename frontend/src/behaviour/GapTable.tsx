import type { EntropyGap } from "../api/types";
import { Card } from "../shell/Card";
import type { Kind } from "./figures";
import { explained, findGaps, findView, VIEWS } from "./gaps";
import { useGapsOf } from "./opened";
import type { PartProps } from "./shared";
import { interval, pWords, roundedTo, seedsWords, VIEW_NAMES, verdict } from "./words";

/** The differences in words and in numbers: a null is said to be one. */
export function GapTable({ sweep, behaviour, view }: PartProps) {
  const { data: gaps } = useGapsOf(sweep, behaviour, view);
  if (!gaps) return null;
  return (
    <Card title="What is established">
      <p className="chart-note small muted">
        Entropy of {gaps.arm}
        {gaps.step > 0 && ` after step ${gaps.step}`} above the rest, nats; {seedsWords(gaps.seeds, gaps.over)}. Below each its 95&nbsp;% interval, and p adjusted for the categories.
      </p>
      <div className="scroll-box" tabIndex={0} role="region" aria-label="Differences in entropy">
        <table className="list compact">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Against the rest</th>
              {VIEWS.map((name) => (
                <th key={name} scope="col" className="number">
                  {VIEW_NAMES[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.kinds.map((kind) => (
              <Row key={kind.id} kind={kind} own={findGaps(gaps, kind)} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Row({ kind, own }: { kind: Kind; own: ReturnType<typeof findGaps> }) {
  const whole = findView(own, "all");
  const note = explained(own);
  return (
    <tr>
      <th scope="row">{kind.title}</th>
      <td>
        {whole ? verdict(whole) : "not looked at"}
        {note && <span className="note">{note}</span>}
      </td>
      {VIEWS.map((name) => (
        <Difference key={name} gap={findView(own, name)} />
      ))}
    </tr>
  );
}

function Difference({ gap }: { gap: EntropyGap | undefined }) {
  if (gap?.delta.value == null) return <td className="number muted">none</td>;
  const write = roundedTo(gap.delta, true);
  return (
    <td className="number">
      {write(gap.delta.value)}
      <span className="note">{gap.adjusted_p === null ? "no interval" : interval(gap.delta, write)}</span>
      {gap.adjusted_p !== null && <span className="note">p {pWords(gap.adjusted_p)}</span>}
    </td>
  );
}
