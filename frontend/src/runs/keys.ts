/** The grid by keyboard: arrows move between rows, space selects, Enter opens, Shift+F10 or the menu key tells what can be done. */

import type { Virtualizer } from "@tanstack/react-virtual";
import type { KeyboardEvent, RefObject } from "react";
import { useLocation } from "wouter";

import type { Row } from "./rows";
import type { Selection } from "./selection";

interface Grid {
  rows: Row[];
  /** Where the focus is, or would come. */
  at: number;
  list: Virtualizer<Window, Element>;
  table: RefObject<HTMLTableElement | null>;
  selection: Selection;
  onActivate: (key: string) => void;
  onToggleGroup: (name: string) => void;
}

const PAGE = 10;

export function useGridKeys(grid: Grid) {
  const [, navigate] = useLocation();
  return (event: KeyboardEvent<HTMLTableElement>) => {
    const target = event.target as HTMLElement;
    // What is inside of a row has keys of its own, and Escape leads back to the row.
    const done = target.getAttribute("role") === "row" ? act(event, grid, navigate) : event.key === "Escape" && goBack(target);
    if (done) event.preventDefault();
  };
}

function act(event: KeyboardEvent, grid: Grid, navigate: (to: string) => void): boolean {
  const { rows, at, selection } = grid;
  const row = rows[at];
  const to = goal(event.key, at, rows.length);
  if (to !== null) {
    move(grid, to);
    const next = rows[to];
    if (event.shiftKey && next?.kind === "run") selection.toggle(next.run.id, true);
    return true;
  }
  if (event.key === "a" && (event.ctrlKey || event.metaKey)) return did(() => selection.toggleAll(allRuns(rows)));
  if (event.key === "Escape") return did(selection.clear);
  if (row?.kind === "run") return asksForMenu(event) ? openMenu(event.target as HTMLElement) : onRun(event, row.run.id, selection, navigate);
  return row ? onGroup(event.key, row, grid) : false;
}

function onRun(event: KeyboardEvent, id: number, selection: Selection, navigate: (to: string) => void): boolean {
  if (event.key === " ") return did(() => selection.toggle(id, event.shiftKey));
  if (event.key === "Enter") return did(() => navigate(`/runs/${id}`));
  return false;
}

function asksForMenu({ key, shiftKey }: KeyboardEvent): boolean {
  return key === "ContextMenu" || (key === "F10" && shiftKey);
}

function openMenu(row: HTMLElement): true {
  return did(() => row.querySelector<HTMLButtonElement>("[aria-haspopup=menu]")?.click());
}

function goBack(inside: HTMLElement): boolean {
  const row = inside.closest("dialog") ? null : inside.closest<HTMLElement>("[data-key]");
  row?.focus();
  return row !== null;
}

function onGroup(key: string, row: Extract<Row, { kind: "group" }>, { selection, onToggleGroup }: Grid): boolean {
  if (key === " ") return did(() => selection.toggleAll(row.runs.map(({ id }) => id)));
  const turns = key === "Enter" || (key === "ArrowLeft" && row.open) || (key === "ArrowRight" && !row.open);
  return turns && did(() => onToggleGroup(row.name));
}

function did(act: () => void): true {
  act();
  return true;
}

/** Where a key leads among `many` rows; null for one that leads nowhere. */
function goal(key: string, at: number, many: number): number | null {
  const goals: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + PAGE, PageUp: at - PAGE, Home: 0, End: many - 1 };
  const to = goals[key];
  return to === undefined ? null : Math.min(many - 1, Math.max(0, to));
}

/** The row may not be there yet: it comes with the scrolling, a frame later. */
function move({ rows, list, table, onActivate }: Grid, to: number): void {
  const key = rows[to]?.key;
  if (key === undefined) return;
  onActivate(key);
  list.scrollToIndex(to);
  const focus = () => table.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  requestAnimationFrame(() => focus() ?? requestAnimationFrame(focus));
}

function allRuns(rows: Row[]): number[] {
  return rows.flatMap((row) => (row.kind === "run" ? [row.run.id] : []));
}
