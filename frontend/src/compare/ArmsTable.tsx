import { useState } from "react";

import type { ComparedArm, Comparison } from "../api/types";
import type { ArmStyle } from "../charts/palette";
import { ArmName } from "../sweep/ArmName";
import { COLUMNS, ordered, type Column, type Order } from "./columns";

interface Props {
  comparison: Comparison;
  index: number;
  styles: Map<string, ArmStyle>;
  selected: string | null;
  onSelect: (arm: string) => void;
}

export function ArmsTable({ comparison, index, styles, selected, onSelect }: Props) {
  const [order, setOrder] = useState<Order | null>(null);
  const arms = ordered(comparison.arms, index, order);

  function sortBy(column: string) {
    if (order?.column !== column) setOrder({ column, falling: true });
    else setOrder(order.falling ? { column, falling: false } : null);
  }

  return (
    <div className="scroll-box" tabIndex={0} role="region" aria-label="Arms table">
      <table className="list arms">
        <caption className="visually-hidden">Arms at k = {comparison.ks[index]}, the baseline first</caption>
        <thead>
          <tr>
            <th scope="col">Arm</th>
            {COLUMNS.map((column) => (
              <SortHead key={column.id} column={column} order={order} onSort={() => sortBy(column.id)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {arms.map((arm) => (
            <ArmRow
              key={arm.name}
              arm={arm}
              index={index}
              color={styles.get(arm.name)?.color}
              selected={arm.name === selected}
              onSelect={() => onSelect(arm.name)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SortHead({ column, order, onSort }: { column: Column; order: Order | null; onSort: () => void }) {
  const sorted = order?.column === column.id ? (order.falling ? "descending" : "ascending") : undefined;
  return (
    <th scope="col" className="number" aria-sort={sorted}>
      <button type="button" onClick={onSort}>
        {column.title} {column.hint && <span className="muted">{column.hint}</span>}
        <span aria-hidden="true" className="sort-mark">
          {sorted === "descending" ? "↓" : sorted === "ascending" ? "↑" : ""}
        </span>
      </button>
    </th>
  );
}

interface RowProps {
  arm: ComparedArm;
  index: number;
  color: string | undefined;
  selected: boolean;
  onSelect: () => void;
}

function ArmRow({ arm, index, color, selected, onSelect }: RowProps) {
  const difference = arm.delta?.[index];
  const clear = difference?.established ?? false;
  return (
    <tr className={[arm.is_baseline ? "pinned" : "", selected ? "selected" : ""].join(" ")}>
      <th scope="row">
        <button type="button" className="arm-name" aria-pressed={selected} onClick={onSelect}>
          <span className="swatch" style={{ background: color }} aria-hidden="true" />
          <ArmName name={arm.name} />
        </button>
        {arm.is_baseline && <span className="tag">baseline</span>}
        {arm.failed > 0 && <span className="tag danger">{arm.failed} failed</span>}
      </th>
      {COLUMNS.map((column) => (
        <td key={column.id} className="number">
          {clear && column.id === "delta-interval" ? <span className="clear">{column.text(arm, index)}</span> : column.text(arm, index)}
        </td>
      ))}
    </tr>
  );
}
