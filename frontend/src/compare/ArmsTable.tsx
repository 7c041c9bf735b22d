import { useId, useState } from "react";

import type { ComparedArm, Comparison } from "../api/types";
import type { ArmStyle } from "../charts/palette";
import { ArmName } from "../sweep/ArmName";
import { ArmDetail } from "./ArmDetail";
import { COLUMNS, ordered, type Column, type Order } from "./columns";
import { noiseNote } from "./marks";

interface Props {
  comparison: Comparison;
  index: number;
  sentences: Record<string, string>;
  styles: Map<string, ArmStyle>;
  selected: string | null;
  onSelect: (arm: string) => void;
}

export function ArmsTable({ comparison, index, sentences, styles, selected, onSelect }: Props) {
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
              comparison={comparison}
              index={index}
              sentence={sentences[arm.name]}
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
    <th scope="col" className={cellClass(column)} aria-sort={sorted}>
      <button type="button" onClick={onSort}>
        {column.title} {column.hint && <span className="muted">{column.hint}</span>}
        <span aria-hidden="true" className="sort-mark">
          {sorted === "descending" ? "↓" : sorted === "ascending" ? "↑" : ""}
        </span>
      </button>
    </th>
  );
}

function cellClass(column: Column): string {
  return column.wide ? "number wide" : "number";
}

interface RowProps {
  arm: ComparedArm;
  comparison: Comparison;
  index: number;
  sentence: string | undefined;
  color: string | undefined;
  selected: boolean;
  onSelect: () => void;
}

function ArmRow({ arm, comparison, index, sentence, color, selected, onSelect }: RowProps) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  const note = noiseNote(arm);
  return (
    <>
      <tr className={[arm.is_baseline ? "pinned" : "", selected ? "selected" : ""].join(" ")}>
        <th scope="row">
          <div className="arm-head">
            <button
              type="button"
              className="arm-open"
              aria-expanded={open}
              aria-controls={detail}
              aria-label={`Seeds of ${arm.name}`}
              disabled={arm.seeds.length === 0}
              onClick={() => setOpen(!open)}
            />
            <button type="button" className="arm-name" aria-pressed={selected} onClick={onSelect}>
              <span className="swatch" style={{ background: color }} aria-hidden="true" />
              <ArmName name={arm.name} />
            </button>
            {arm.is_baseline && <span className="tag">baseline</span>}
            {arm.failed > 0 && <span className="tag danger">{arm.failed} failed</span>}
          </div>
          {note && <p className="arm-note">{note}</p>}
        </th>
        {COLUMNS.map((column) => (
          <td key={column.id} className={cellClass(column)}>
            <span className={column.look?.(arm, index)}>{column.text(arm, index)}</span>
          </td>
        ))}
      </tr>
      {open && (
        <tr className="arm-opened" id={detail}>
          <td colSpan={COLUMNS.length + 1}>
            <ArmDetail arm={arm} comparison={comparison} index={index} sentence={sentence} />
          </td>
        </tr>
      )}
    </>
  );
}
