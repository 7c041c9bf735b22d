import { useId } from "react";

import { ArmDetail } from "./ArmDetail";
import { ArmHead } from "./ArmHead";
import { rowProps, type ArmRowProps, type ArmsProps } from "./arms";
import { allColumns, ARM, groupsOf, OTHERS, type Column, type KColumns, type Order } from "./columns";
import { SeedList } from "./SeedList";

/** The arms table where there is no room for one: a card for each arm, and a list to sort them by. */
export function ArmCards(props: ArmsProps) {
  const { comparison, arms, ks, order, onSort } = props;
  const groups = groupsOf(comparison, ks);
  return (
    <>
      <Sorting columns={allColumns(groups)} order={order} onSort={onSort} />
      <ul className="arm-cards arms" aria-label="Arms">
        {arms.map((arm) => (
          <ArmCard key={arm.name} {...rowProps(arm, props)} groups={groups} />
        ))}
      </ul>
    </>
  );
}

function Sorting({ columns, order, onSort }: { columns: Column[]; order: Order | null; onSort: (column: Column) => void }) {
  const id = useId();
  const sorted = columns.find((column) => column.id === order?.column);
  return (
    <div className="arm-sorting small">
      <label htmlFor={id}>Sorted by</label>
      <select id={id} value={sorted?.id ?? ""} onChange={(event) => pick(event.target.value)}>
        <option value="">the sweep’s order</option>
        {columns.map((column) => (
          <option key={column.id} value={column.id}>
            {nameOf(column)}
          </option>
        ))}
      </select>
      {sorted && order && (
        <button type="button" className="button quiet" onClick={() => onSort(sorted)}>
          {order.falling ? "falling ↓" : "rising ↑"}
        </button>
      )}
    </div>
  );

  function pick(next: string) {
    const column = columns.find((one) => one.id === next);
    if (column) onSort(column);
  }
}

function nameOf({ id, title }: Column): string {
  if (!id.includes("@")) return title.toLowerCase();
  return id.replace("delta@", "Δ pass@").replace(/^p@/, "adjusted p, pass@");
}

function ArmCard({ groups, ...row }: ArmRowProps & { groups: KColumns[] }) {
  const { arm, comparison, open, selected, dimmed } = row;
  const detail = useId();
  const name = ["arm-card", arm.is_baseline ? "pinned" : "", selected ? "selected" : "", dimmed ? "dimmed" : ""].filter(Boolean).join(" ");
  return (
    <li className={name}>
      <ArmHead {...row} detail={detail} />
      <table className="arm-figures">
        <caption className="visually-hidden">Figures of {arm.name}</caption>
        <thead>
          <tr>
            <th scope="col">pass@k, %</th>
            <th scope="col">Δ, points</th>
            <th scope="col">adjusted p</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ k, columns }) => (
            <tr key={k}>
              {columns.map((column, at) => (
                <td key={column.id}>
                  {at === 0 && <span className="muted">{k}: </span>}
                  <span className={column.look?.(arm)}>{column.text(arm)}</span>
                  {column.note && <span className={["note", column.noteLook?.(arm)].filter(Boolean).join(" ")}>{column.note(arm)}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="facts small">
        {OTHERS.filter((column) => column.id !== ARM.id).map((column) => (
          <div key={column.id}>
            <dt>{column.title.toLowerCase()}</dt>
            <dd className={column.look?.(arm)}>{column.text(arm)}</dd>
          </div>
        ))}
      </dl>
      {open && (
        <div id={detail}>
          <ArmDetail {...row} />
          <SeedList arm={arm} comparison={comparison} groups={groups} busy={row.busy} onDiff={row.onDiff} />
        </div>
      )}
    </li>
  );
}
