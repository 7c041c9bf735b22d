import { useMemo } from "react";

import { useRegulation } from "../api/curves";
import type { Regulation, SweepArm } from "../api/types";
import { ArmMark } from "../charts/ArmMark";
import { ProblemNotice } from "../shell/Notice";
import { ArmName } from "../sweep/ArmName";
import { measure, NOTHING, percent, span } from "../text/numbers";
import { MetricChart, type Shared } from "./MetricChart";
import { SIGNS, type Sign } from "./view";

interface Props extends Shared {
  sign: Sign;
  onSign: (sign: Sign) => void;
}

interface Row {
  stem: string;
  title: string;
  /** The name without a sign. */
  all: string;
  /** Whether the baseline is drawn too. */
  baseline: boolean;
}

const ROWS: Row[] = [
  { stem: "entropy", title: "Entropy", all: "entropy/mean", baseline: true },
  { stem: "psi/share", title: "psi/|A|", all: "psi/share", baseline: false },
  { stem: "psi/capped", title: "At the cap", all: "psi/capped", baseline: false },
];

const COLUMNS: Record<Sign, (keyof typeof SIGNS)[]> = { all: ["all"], positive: ["positive"], negative: ["negative"], both: ["positive", "negative"] };

/** Does the bonus shrink as the policy grows confident? Three curves under one another, and what may be said. */
export function RegulationPanel({ sign, onSign, ...shared }: Props) {
  const { sweep, busy, shown } = shared;
  const told = useRegulation(sweep.id, busy);
  const { arms_list, baseline } = sweep;
  const shaped = useMemo(() => shown.filter((name) => isShaped(arms_list, name)), [arms_list, shown]);
  const beside = useMemo(() => shown.filter((name) => name === baseline || shaped.includes(name)), [baseline, shaped, shown]);
  return (
    <section className="card regulation" aria-labelledby="regulation-title">
      <div className="card-head">
        <h2 id="regulation-title">Does shaping regulate itself?</h2>
        <SignChoice sign={sign} onSign={onSign} />
      </div>
      <p className="chart-note small muted">
        psi/|A| is how strong the bonus is beside the advantage, at most 1/kappa. If it shrinks as entropy does, the bonus gives way as the policy
        grows confident.
      </p>
      {told.error && !told.data && <ProblemNotice title="What may be said of it could not be loaded" error={told.error} />}
      {told.data && <p className="regulation-words">{told.data.summary}</p>}
      <div className={sign === "both" ? "regulation-charts pairs" : "regulation-charts"}>
        {ROWS.flatMap((row) =>
          COLUMNS[sign].map((column) => (
            <MetricChart
              key={`${row.stem} ${column}`}
              {...shared}
              shown={row.baseline ? beside : shaped}
              name={nameOf(row, column)}
              {...(sign === "both" && { beside: nameOf(row, column === "positive" ? "negative" : "positive") })}
              title={column === "all" ? row.title : `${row.title}, ${SIGNS[column]}`}
              height={row.stem === "entropy" ? 210 : 160}
              points={sign === "both" ? 300 : 500}
            />
          )),
        )}
      </div>
      {told.data && told.data.arms.length > 1 && <ChangeTable regulation={told.data} styles={shared.look.styles} />}
    </section>
  );
}

function isShaped(arms: SweepArm[], name: string): boolean {
  return arms.some((arm) => arm.name === name && arm.method.method === "entropy_shaped");
}

function nameOf(row: Row, sign: Sign): string {
  if (sign === "all") return row.all;
  return row.stem === "entropy" ? `entropy/${sign}` : `${row.stem}_${sign}`;
}

function SignChoice({ sign, onSign }: Pick<Props, "sign" | "onSign">) {
  return (
    <div className="filters" role="group" aria-label="Tokens by the sign of their advantage A">
      {(Object.keys(SIGNS) as Sign[]).map((one) => (
        <button key={one} type="button" aria-pressed={sign === one} onClick={() => onSign(one)}>
          {SIGNS[one]}
        </button>
      ))}
    </div>
  );
}

type Change = Regulation["arms"][number]["share"];

function ChangeTable({ regulation, styles }: { regulation: Regulation; styles: Shared["look"]["styles"] }) {
  return (
    <details>
      <summary>Each arm in numbers</summary>
      <div className="scroll-box" tabIndex={0} role="region" aria-label="How psi/|A| and entropy changed, by arm">
        <table className="list changes">
          <caption className="small muted">
            Means over seeds of the first and of the last tenth of the steps, with the 95&nbsp;% interval of the change; finished runs alone.
          </caption>
          <thead>
            <tr>
              <th scope="col">Arm</th>
              <th scope="col">psi/|A|</th>
              <th scope="col">change</th>
              <th scope="col">entropy</th>
              <th scope="col">change</th>
              <th scope="col">at the cap</th>
              <th scope="col">seeds</th>
            </tr>
          </thead>
          <tbody>
            {regulation.arms.map((arm) => (
              <tr key={arm.name}>
                <th scope="row">
                  <ArmMark style={styles.get(arm.name)} /> <ArmName name={arm.name} />
                </th>
                <td>{ends(arm.share, measure)}</td>
                <td>{changeOf(arm.share)}</td>
                <td>{ends(arm.entropy, measure)}</td>
                <td>{changeOf(arm.entropy)}</td>
                <td>{ends(arm.capped, percent)}</td>
                <td>
                  {arm.seeds}
                  {arm.left_out > 0 && ` (${arm.left_out} left out)`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function ends({ first, last }: Change, write: (value: number) => string): string {
  return `${write(Number(first.toPrecision(3)))} → ${write(Number(last.toPrecision(3)))}`;
}

function changeOf({ low, high }: Change): string {
  if (low === null || high === null) return NOTHING;
  const signed = (value: number) => (value > 0 ? "+" : "") + measure(Number(value.toPrecision(2)));
  return span({ low, high }, signed);
}
