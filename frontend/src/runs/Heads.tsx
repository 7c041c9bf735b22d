import { useEffect, useRef } from "react";

import type { SweepRun } from "../api/types";
import { SortHead } from "../shell/SortHead";
import { useView } from "../shell/view";
import { count } from "../text/numbers";
import type { Column } from "./columns";
import { nextSort, type RunsView } from "./rows";
import type { Selection } from "./selection";

interface Props {
  columns: Column[];
  sort: RunsView["sort"];
  shown: SweepRun[];
  selection: Selection;
}

/** What the columns are; a press sorts by one, upwards, then downwards, then no longer. */
export function Heads({ columns, sort, shown, selection }: Props) {
  const [, change] = useView();
  const total = columns.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <>
      <colgroup>
        <col className="check-column" />
        {columns.map(({ id, weight }) => (
          <col key={id} style={{ width: `${(weight / total) * 100}%` }} />
        ))}
        <col className="menu-column" />
      </colgroup>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          <th role="columnheader" scope="col">
            <CheckAll shown={shown} selection={selection} />
          </th>
          {columns.map(({ id, label, number }) => {
            const sorted = sort?.column === id ? (sort.down ? "descending" : "ascending") : undefined;
            return (
              <SortHead key={id} role="columnheader" className={number ? "number" : undefined} label={label} sorted={sorted} onSort={() => change(nextSort(sort, id))} />
            );
          })}
          <th role="columnheader" scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
    </>
  );
}

function CheckAll({ shown, selection }: { shown: SweepRun[]; selection: Selection }) {
  const selected = shown.filter(({ id }) => selection.ids.has(id)).length;
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = selected > 0 && selected < shown.length;
  }, [selected, shown.length]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={`Select all ${count(shown.length)} shown`}
      checked={selected > 0 && selected === shown.length}
      onChange={() => selection.toggleAll(shown.map(({ id }) => id))}
    />
  );
}
