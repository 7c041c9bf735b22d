import { useMemo, type ReactNode } from "react";

import type { ComparedArm, Comparison } from "../api/types";
import { ArmName } from "../sweep/ArmName";
import { delta } from "../text/numbers";
import { cellOf, gridsOf, otherArms, scaleEnd, type Cell, type Grid } from "./grid";
import { HeatCell } from "./HeatCell";
import { markOf } from "./marks";
import { useRoving } from "./roving";

interface Props {
  comparison: Comparison;
  /** Which of the comparison's ks is shown. */
  index: number;
  sentences: Record<string, string>;
  selected: string | null;
  /** The arms that the reader's brush leaves; null while there is none. */
  within?: Set<string> | null;
  onSelect: (arm: string) => void;
}

/** Delta pass@k of every arm against the baseline: alpha by kappa, then the arms without them. */
export function HeatMap({ comparison, index, sentences, selected, within = null, onSelect }: Props) {
  const scale = useMemo(() => scaleEnd(comparison.arms), [comparison.arms]);
  const cells: Cells = { scale, sentences, selected, within, onSelect };
  const grids = useMemo(() => gridsOf(comparison.arms, index), [comparison.arms, index]);
  const others = useMemo(() => otherArms(comparison.arms).map((arm) => ({ arm, cell: cellOf(arm, index) })), [comparison.arms, index]);
  return (
    <div className="heat">
      {grids.map((grid) => (
        <GridTable key={grid.title} grid={grid} k={comparison.ks[index] ?? 1} {...cells} />
      ))}
      {others.length > 0 && <Others title={grids.length > 0 ? "Arms without alpha and kappa" : "Arms"} others={others} {...cells} />}
      <Legend scale={scale} arms={comparison.arms} index={index} />
    </div>
  );
}

interface Cells {
  scale: number;
  sentences: Record<string, string>;
  selected: string | null;
  within: Set<string> | null;
  onSelect: (arm: string) => void;
}

function GridTable({ grid, k, ...cells }: { grid: Grid; k: number } & Cells) {
  const roving = useRoving(grid.rows.map((row) => row.map((cell) => cell.kind !== "absent")));
  return (
    <div className="scroll-box">
      <table
        className="heat-table"
        role="grid"
        style={{ minWidth: `${3.5 + grid.kappas.length * 5.2}rem` }}
        onKeyDown={roving.onKeyDown}
        onFocus={roving.onFocus}
      >
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
                  <HeatCell {...ofArm(cell, cells)} row={at} column={column} tabIndex={roving.tabIndex([at, column])} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a cell needs of what all are given, so that only those are drawn again that look different. */
function ofArm(cell: Cell, { scale, sentences, selected, within, onSelect }: Cells) {
  const name = cell.kind === "absent" ? "" : cell.arm.name;
  return { cell, scale, sentence: sentences[name], selected: name === selected, dimmed: within !== null && !within.has(name), onSelect };
}

function Others({ title, others, ...cells }: { title: string; others: { arm: ComparedArm; cell: Cell }[] } & Cells) {
  const roving = useRoving([others.map(() => true)]);
  return (
    <div className="heat-others">
      <h3>{title}</h3>
      <div role="toolbar" aria-label={title} onKeyDown={roving.onKeyDown} onFocus={roving.onFocus}>
        {others.map(({ arm, cell }, at) => (
          <div key={arm.name} className="heat-other">
            <span className="heat-arm">
              <ArmName name={arm.name} />
            </span>
            <HeatCell {...ofArm(cell, cells)} row={0} column={at} tabIndex={roving.tabIndex([0, at])} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Legend({ scale, arms, index }: { scale: number; arms: ComparedArm[]; index: number }) {
  const cells = arms.map((arm) => cellOf(arm, index));
  const kinds = new Set(cells.map((cell) => cell.kind));
  return (
    <div className="heat-legend">
      <div className="heat-scale">
        <span>{delta(-scale)}</span>
        <span className="heat-ramp" aria-hidden="true" />
        <span>{delta(scale)} points</span>
        <span className="muted">the same at every k; what lies beyond has the colour of the end</span>
      </div>
      <ul>
        <Key look="established">
          difference established: the 95&nbsp;% interval over seeds and problems, adjusted for all arms, is on one side of zero
        </Key>
        <Key look="suggested">the interval of this arm alone excludes zero: not established, for the number of arms or for want of seeds</Key>
        {cells.some((cell) => cell.kind === "value" && !markOf(cell.delta)) && (
          <Key look="quiet">pale, its colour at the foot alone: the interval holds zero</Key>
        )}
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
