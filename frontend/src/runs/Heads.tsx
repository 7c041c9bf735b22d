import { useEffect, useRef } from "react";

import type { SweepRun } from "../api/types";
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
              <th key={id} role="columnheader" scope="col" className={number ? "number" : undefined} aria-sort={sorted}>
                <button type="button" className="sort-head" onClick={() => change(nextSort(sort, id))}>
                  {label}
                  <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true" className={sorted && "sorted"}>
                    <path d={sort?.column === id && sort.down ? "M1 3l3 3 3-3" : "M1 5l3-3 3 3"} fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
                  </svg>
                </button>
              </th>
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
