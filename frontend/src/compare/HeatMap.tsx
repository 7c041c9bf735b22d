import type { ComponentProps, ReactNode } from "react";

import type { ComparedArm, Comparison } from "../api/types";
import { ArmName } from "../sweep/ArmName";
import { delta } from "../text/numbers";
import { cellOf, gridsOf, otherArms, scaleEnd, type Grid } from "./grid";
import { HeatCell } from "./HeatCell";

interface Props {
  comparison: Comparison;
  /** Which of the comparison's ks is shown. */
  index: number;
  sentences: Record<string, string>;
  selected: string | null;
  onSelect: (arm: string) => void;
}

/** Delta pass@k of every arm against the baseline: alpha by kappa, then the arms without them. */
export function HeatMap({ comparison, index, sentences, selected, onSelect }: Props) {
  const scale = scaleEnd(comparison.arms);
  const cells = { scale, sentences, selected, onSelect };
  const grids = gridsOf(comparison.arms, index);
  const others = otherArms(comparison.arms);
  return (
    <div className="heat">
      {grids.map((grid) => (
        <GridTable key={grid.title} grid={grid} k={comparison.ks[index] ?? 1} {...cells} />
      ))}
      {others.length > 0 && (
        <div className="heat-others">
          <h3>{grids.length > 0 ? "Arms without alpha and kappa" : "Arms"}</h3>
          <ul>
            {others.map((arm) => (
              <li key={arm.name}>
                <span className="heat-arm">
                  <ArmName name={arm.name} />
                </span>
                <HeatCell cell={cellOf(arm, index)} {...cells} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="heat-sentence" aria-live="polite">
        {sentenceOf(comparison, sentences, selected)}
      </p>
      <Legend scale={scale} arms={comparison.arms} index={index} />
    </div>
  );
}

/** What may be said of the selected arm. */
function sentenceOf(comparison: Comparison, sentences: Record<string, string>, selected: string | null): ReactNode {
  const arm = comparison.arms.find(({ name }) => name === selected);
  if (!arm) return <span className="muted">Select an arm to read what can be said of it.</span>;
  if (arm.is_baseline) return `${arm.name} is the baseline: the other arms are compared with it.`;
  return sentences[arm.name] ?? `${arm.name}: there is no difference to the baseline yet.`;
}

type Cells = Omit<ComponentProps<typeof HeatCell>, "cell">;

function GridTable({ grid, k, ...cells }: { grid: Grid; k: number } & Cells) {
  return (
    <div className="scroll-box">
      <table className="heat-table" style={{ minWidth: `${3.5 + grid.kappas.length * 5.2}rem` }}>
        <caption>
          {grid.title}: <span className="muted">difference in pass@{k}, points</span>
        </caption>
        <thead>
          <tr>
            <th scope="col" className="corner">
              alpha ↓ kappa →
            </th>
            {grid.kappas.map((kappa) => (
              <th key={kappa} scope="col">
                {kappa}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((row, at) => (
            <tr key={grid.alphas[at]}>
              <th scope="row">{grid.alphas[at]}</th>
              {row.map((cell, column) => (
                <td key={grid.kappas[column]}>
                  <HeatCell cell={cell} {...cells} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Legend({ scale, arms, index }: { scale: number; arms: ComparedArm[]; index: number }) {
  const kinds = new Set(arms.map((arm) => cellOf(arm, index).kind));
  return (
    <div className="heat-legend">
      <div className="heat-scale">
        <span>{delta(-scale)}</span>
        <span className="heat-ramp" aria-hidden="true" />
        <span>{delta(scale)} points</span>
        <span className="muted">the same at every k; the base model may lie beyond it</span>
      </div>
      <ul>
        <Key look="established">
          difference established: the 95 % interval over seeds and problems, adjusted for all arms, is on one side of zero
        </Key>
        <Key look="suggested">the interval of this arm alone excludes zero: not established, for the number of arms or for want of seeds</Key>
        {arms.some((arm) => arm.delta_over === "problems") && (
          <Key look="partly">“problems only”: one seed, so the interval leaves training noise out</Key>
        )}
        {kinds.has("failed") && <Key look="failed">runs failed, none finished</Key>}
        {kinds.has("pending") && <Key look="pending">no finished run yet</Key>}
      </ul>
    </div>
  );
}

function Key({ look, children }: { look: string; children: ReactNode }) {
  return (
    <li>
      <span className={`heat-key ${look}`} aria-hidden="true" />
      <span>{children}</span>
    </li>
  );
}
