import type { Comparison } from "../api/types";
import { ArmName } from "../sweep/ArmName";
import { delta } from "../text/numbers";
import { cellOf, gridsOf, otherArms, scaleEnd, type Grid } from "./grid";
import { HeatCell } from "./HeatCell";

interface Props {
  comparison: Comparison;
  /** Which of the comparison's ks is shown. */
  index: number;
  selected: string | null;
  onSelect: (arm: string) => void;
}

/** Delta pass@k of every arm against the baseline: alpha by kappa, then the arms without them. */
export function HeatMap({ comparison, index, selected, onSelect }: Props) {
  const scale = scaleEnd(comparison.arms);
  const cells = { scale, selected, onSelect };
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
      <Legend scale={scale} />
    </div>
  );
}

function GridTable({ grid, k, ...cells }: { grid: Grid; k: number; scale: number; selected: string | null; onSelect: (arm: string) => void }) {
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

function Legend({ scale }: { scale: number }) {
  return (
    <div className="heat-legend">
      <div className="heat-scale">
        <span>{delta(-scale)}</span>
        <span className="heat-ramp" aria-hidden="true" />
        <span>{delta(scale)} points</span>
        <span className="muted">the same at every k; the base model may lie beyond it</span>
      </div>
      <ul>
        <li>
          <span className="heat-key outlined" aria-hidden="true" />
          difference established: the 95 % interval adjusted for all arms, over seeds and problems, is on one side of zero
        </li>
        <li>
          <span className="heat-key failed" aria-hidden="true" />
          runs failed, none finished
        </li>
        <li>
          <span className="heat-key pending" aria-hidden="true" />
          no finished run yet
        </li>
      </ul>
    </div>
  );
}
