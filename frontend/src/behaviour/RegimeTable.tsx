import { Link } from "wouter";

import type { CollapseOfRun } from "../api/types";
import { ArmName } from "../sweep/ArmName";
import { percent, points } from "../text/numbers";
import { isUntrained, UNTRAINED } from "./figures";
import { figureWords } from "./words";

/** The same runs in numbers: how often a trace's own prompt is among those that make it likeliest. */
export function RegimeTable({ collapses }: { collapses: CollapseOfRun[] }) {
  const chances = collapses[0]?.collapse.retrieval ?? [];
  return (
    <>
      <p className="chart-note small muted behaviour-runs-note">
        How often, in percent, a trace’s own prompt is among the k that make it likeliest; the head says how often it would be by chance.
      </p>
      <div className="scroll-box behaviour-runs" tabIndex={0} role="region" aria-label="Regimes and retrieval">
      <table className="list compact">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col" className="number">
              Step
            </th>
            <th scope="col">Regime</th>
            <th scope="col" className="number">
              I(X;Z), nats a trace
            </th>
            <th scope="col" className="number">
              H(Z|X), nats a token
            </th>
            {chances.map(({ k, chance }) => (
              <th key={k} scope="col" className="number">
                k&nbsp;=&nbsp;{k}, chance {percent(chance)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {collapses.map((one) => (
            <Row key={one.run_id} run={one} ks={chances.map(({ k }) => k)} />
          ))}
        </tbody>
      </table>
      </div>
    </>
  );
}

function Row({ run, ks }: { run: CollapseOfRun; ks: number[] }) {
  const { collapse } = run;
  return (
    <tr>
      <th scope="row">
        <Link href={`/runs/${run.run_id}`}>{isUntrained(run) ? UNTRAINED : <ArmName name={run.arm} />}</Link>
        {run.seed !== null && <span className="muted"> seed&nbsp;{run.seed}</span>}
      </th>
      <td className="number">{run.step}</td>
      <td>{run.regime ?? <span className="muted">not named</span>}</td>
      <td className="number">{figureWords(collapse.sequence.mutual)}</td>
      <td className="number">{figureWords(collapse.token.conditional)}</td>
      {ks.map((k) => {
        const share = collapse.retrieval.find((one) => one.k === k)?.share;
        return (
          <td key={k} className="number">
            {share ? figureWords(share, points) : null}
          </td>
        );
      })}
    </tr>
  );
}
