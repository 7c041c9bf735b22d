import { useRef } from "react";

import { useBehaviourDifferences } from "../api/behaviours";
import type { BehaviourDifference, BehaviourDifferences } from "../api/types";
import { Saving } from "../charts/Saving";
import { Card } from "../shell/Card";
import { Choices } from "../shell/Choices";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { ArmName } from "../sweep/ArmName";
import { differenceRows, tableOf } from "./differences";
import { isOf, MEASURE_NAMES, MEASURES, type Kind, type Measure } from "./figures";
import type { PartProps } from "./shared";
import { CLEAR, interval, pWords, roundedTo } from "./words";

const NAMES: Record<Measure, string> = { mean: "entropy", gap: "above the rest", per_thousand: "how often" };

/** Every arm against the baseline, kind by kind; p-values allow for all of them. */
export function Differences({ sweep, behaviour, view }: PartProps) {
  const { baseline, step, measure, change } = view;
  const asked = baseline === behaviour.baseline ? null : baseline;
  const { data, error } = useBehaviourDifferences(sweep.id, { inquiry: behaviour.inquiry, step }, asked);
  const picture = useRef<HTMLDivElement>(null);
  const title = `Against ${data?.baseline ?? baseline}`;
  return (
    <Card
      title={title}
      actions={
        data &&
        data.differences.length > 0 && (
          <Saving title={title} file={`sweep-${sweep.id}-behaviour-differences`} picture={picture} csv={() => differenceRows(data)} />
        )
      }
    >
      <Choices label="Figure" values={MEASURES} names={NAMES} chosen={measure} onChoose={(name) => change({ of: name })} />
      {!data ? (
        error ? <ProblemNotice title="The differences could not be loaded" error={error} /> : <Skeleton lines={4} height="2rem" />
      ) : data.missing ? (
        <p className="muted">{data.missing}, so there is nothing to set the arms against. Choose another, or ask for its analysis.</p>
      ) : (
        <div ref={picture}>
          <Table data={data} view={view} />
        </div>
      )}
    </Card>
  );
}

function Table({ data, view: { kinds, measure, step } }: { data: BehaviourDifferences; view: PartProps["view"] }) {
  const rows = tableOf(data, measure);
  const judged = data.differences.filter(({ p }) => p !== null).length;
  if (rows.length === 0) return <p className="muted">No other arm was looked at{step === null ? "" : ` after step ${step}`}.</p>;
  return (
    <>
      <p className="chart-note small muted">
        Difference in {MEASURE_NAMES[measure]}, {step === null ? "each arm after its last step" : `after step ${step}`}, on the same problems and seeds. Framed
        where the p-value, adjusted for all {judged} differences in all three figures, is below {CLEAR}; over one seed nothing is.
      </p>
      <div className="scroll-box" tabIndex={0} role="region" aria-label="Differences from the baseline">
        <table className="list compact behaviour-differences">
          <thead>
            <tr>
              <th scope="col">Arm</th>
              {kinds.map(({ id, title }) => (
                <th key={id} scope="col" className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ arm, differences }) => (
              <tr key={arm}>
                <th scope="row">
                  <ArmName name={arm} />
                  <span className="note">{noiseOf(differences)}</span>
                </th>
                {kinds.map((kind) => (
                  <Cell key={kind.id} kind={kind} differences={differences} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Cell({ kind, differences }: { kind: Kind; differences: BehaviourDifference[] }) {
  const found = differences.find(isOf(kind));
  if (!found || found.delta.value == null) return <td className="number muted">none</td>;
  const clear = found.adjusted_p !== null && found.adjusted_p < CLEAR && found.over === "seeds and problems";
  const write = roundedTo(found.delta, true);
  return (
    <td className="number">
      <span className={clear ? "established" : undefined}>
        {write(found.delta.value)}
        {clear && <span className="visually-hidden"> established</span>}
      </span>
      <span className="note">{found.adjusted_p === null ? found.note : interval(found.delta, write)}</span>
      {found.adjusted_p !== null && <span className="note">p {pWords(found.adjusted_p)}</span>}
    </td>
  );
}

function noiseOf([first]: BehaviourDifference[]): string {
  if (!first) return "";
  return first.over === "problems" ? "1 seed: training noise not included" : `over ${first.seeds.length || "other"} seeds and problems`;
}
