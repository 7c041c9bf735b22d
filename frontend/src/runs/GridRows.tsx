import { memo, type MouseEvent, useState } from "react";

import type { SweepRun } from "../api/types";
import { RunMenu } from "../run/RunActions";
import { STATES } from "../text/words";
import { count } from "../text/numbers";
import type { Column, Context } from "./columns";
import type { Row } from "./rows";
import type { Selection } from "./selection";

interface Placed {
  /** Which row of the whole list it is, counted from 1. */
  place: number;
  height: number;
  isActive: boolean;
  onActivate: (key: string) => void;
}

interface RunProps extends Placed {
  run: SweepRun;
  columns: Column[];
  context: Context;
  /** Changes when what is shown of times does. */
  tick: number;
  isSelected: boolean;
  onSelect: (id: number, range: boolean) => void;
}

/** Drawn anew only when something of it has changed: there are many, and they pass quickly. */
export const RunRow = memo(function RunRow({ run, columns, context, place, height, isActive, isSelected, onSelect, onActivate }: RunProps) {
  const key = String(run.id);
  function press(event: MouseEvent) {
    if (isControl(event.target) || hasSelectedText()) return;
    onSelect(run.id, event.shiftKey);
  }
  return (
    <tr
      role="row"
      data-key={key}
      aria-rowindex={place}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      className={isSelected ? "run-row selected" : "run-row"}
      style={{ height }}
      onFocus={() => onActivate(key)}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={press}
    >
      <td role="gridcell" className="check-cell">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select run ${run.id}`}
          checked={isSelected}
          onChange={(event) => onSelect(run.id, (event.nativeEvent as globalThis.MouseEvent).shiftKey)}
        />
      </td>
      {columns.map(({ id, label, number, cell }) => (
        <td key={id} role="gridcell" data-column={id} data-label={label} className={number ? "number" : undefined}>
          {cell(run, context)}
        </td>
      ))}
      <td role="gridcell" className="row-actions">
        <LateMenu run={run} />
      </td>
    </tr>
  );
}, isSame);

/** That time has passed makes a difference only when the tick says so. */
function isSame(before: RunProps, after: RunProps): boolean {
  const { context: old, ...rest } = before;
  return old.sweeps === after.context.sweeps && Object.entries(rest).every(([name, value]) => value === after[name as keyof RunProps]);
}

/** A menu of which only the button is there until it is pressed. */
function LateMenu({ run }: { run: SweepRun }) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <RunMenu run={{ id: run.id, status: run.status, others: run.shared_with.length }} open passed />;
  const label = `Actions for run ${run.id}`;
  return (
    <button type="button" className="button quiet" tabIndex={-1} aria-haspopup="menu" aria-expanded={false} aria-label={label} title={label} onClick={() => setWanted(true)}>
      ⋯
    </button>
  );
}

interface GroupProps extends Placed {
  row: Extract<Row, { kind: "group" }>;
  columns: number;
  selection: Selection;
  onToggle: (name: string) => void;
}

/** The head of a group: how many it has in which state; it closes and opens. */
export function GroupRow({ row, columns, selection, place, height, isActive, onToggle, onActivate }: GroupProps) {
  const ids = row.runs.map(({ id }) => id);
  const all = ids.every((id) => selection.ids.has(id));
  return (
    <tr role="row" data-key={row.key} aria-rowindex={place} aria-expanded={row.open} tabIndex={isActive ? 0 : -1} className="group-row" style={{ height }} onFocus={() => onActivate(row.key)}>
      <td role="gridcell" className="check-cell">
        <input type="checkbox" tabIndex={-1} aria-label={`Select all of ${row.name}`} checked={all} onChange={() => selection.toggleAll(ids)} />
      </td>
      <td role="gridcell" colSpan={columns - 1}>
        <button type="button" className="group-head" tabIndex={-1} aria-expanded={row.open} onClick={() => onToggle(row.name)}>
          <span aria-hidden="true" className="turn">{row.open ? "▾" : "▸"}</span>
          <b>{row.name}</b>
          <span className="small muted">{row.by === "state" ? count(row.runs.length) : stateWords(row.runs)}</span>
        </button>
      </td>
    </tr>
  );
}

function stateWords(runs: SweepRun[]): string {
  const parts = STATES.map((state) => [state, runs.filter(({ status }) => status === state).length] as const).filter(([, many]) => many > 0);
  return parts.map(([state, many]) => `${count(many)} ${state}`).join(", ");
}

function isControl(target: EventTarget): boolean {
  return (target as Element).closest("a, button, input, [role=menu], dialog") !== null;
}

function hasSelectedText(): boolean {
  return !window.getSelection()?.isCollapsed;
}
