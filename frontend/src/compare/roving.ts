/** Arrow keys in a grid of cells: one tab stop, and what is not there is stepped over. */

import { useState, type FocusEvent, type KeyboardEvent } from "react";

export type At = [row: number, column: number];

const STEPS: Record<string, At> = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/** Where a key leads from `at`; null where it leads nowhere. `present` says what can be stood on. */
export function stepFrom(present: boolean[][], at: At, key: string): At | null {
  const row = present[at[0]] ?? [];
  if (key === "Home" || key === "End") {
    const column = key === "Home" ? row.indexOf(true) : row.lastIndexOf(true);
    return column < 0 ? null : [at[0], column];
  }
  const step = STEPS[key];
  if (!step) return null;
  let [y, x] = [at[0] + step[0], at[1] + step[1]];
  while (present[y]?.[x] !== undefined) {
    if (present[y]?.[x]) return [y, x];
    [y, x] = [y + step[0], x + step[1]];
  }
  return null;
}

export interface Roving {
  tabIndex: (at: At) => 0 | -1;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
}

/** For a container whose cells carry `data-at="row,column"`. */
export function useRoving(present: boolean[][]): Roving {
  const [last, setLast] = useState<At | null>(null);
  const active = last && present[last[0]]?.[last[1]] ? last : firstOf(present);
  return {
    tabIndex: ([row, column]) => (active?.[0] === row && active[1] === column ? 0 : -1),
    onFocus: (event) => {
      const at = placeOf(event.target);
      if (at) setLast(at);
    },
    onKeyDown: (event) => {
      const at = placeOf(event.target as HTMLElement);
      const next = at && stepFrom(present, at, event.key);
      if (!next) return;
      event.preventDefault();
      event.currentTarget.querySelector<HTMLElement>(`[data-at="${next.join()}"]`)?.focus();
    },
  };
}

function firstOf(present: boolean[][]): At | null {
  const row = present.findIndex((cells) => cells.includes(true));
  return row < 0 ? null : [row, present[row]?.indexOf(true) ?? 0];
}

function placeOf(element: HTMLElement): At | null {
  const [row, column] = (element.dataset["at"] ?? "").split(",").map(Number);
  return row === undefined || column === undefined ? null : [row, column];
}
