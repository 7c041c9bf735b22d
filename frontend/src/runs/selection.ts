/** Which rows are selected: kept by the run's number, so that no update moves it to another row. */

import { useCallback, useState } from "react";

export interface Selection {
  ids: ReadonlySet<number>;
  /** Selects one or takes it back; a range goes from the last one that was touched. */
  toggle: (id: number, range: boolean) => void;
  /** Selects all of these, or takes them back if they all were. */
  toggleAll: (ids: number[]) => void;
  clear: () => void;
}

/** `shown` is the order that a range goes by. */
export function useSelection(shown: number[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  const [anchor, setAnchor] = useState<number | null>(null);

  const toggle = useCallback(
    (id: number, range: boolean) => {
      setIds((before) => (range && anchor !== null ? withRange(before, shown, anchor, id) : withToggled(before, id)));
      setAnchor(id);
    },
    [anchor, shown],
  );
  const toggleAll = useCallback((all: number[]) => setIds((before) => withAll(before, all)), []);
  const clear = useCallback(() => setIds(new Set()), []);
  return { ids, toggle, toggleAll, clear };
}

function withToggled(before: ReadonlySet<number>, id: number): Set<number> {
  const next = new Set(before);
  if (!next.delete(id)) next.add(id);
  return next;
}

function withRange(before: ReadonlySet<number>, shown: number[], from: number, to: number): Set<number> {
  const ends = [shown.indexOf(from), shown.indexOf(to)].sort((a, b) => a - b);
  const [first = -1, last = -1] = ends;
  if (first < 0) return withToggled(before, to);
  return new Set([...before, ...shown.slice(first, last + 1)]);
}

function withAll(before: ReadonlySet<number>, all: number[]): Set<number> {
  const next = new Set(before);
  const every = all.every((id) => before.has(id));
  all.forEach((id) => (every ? next.delete(id) : next.add(id)));
  return next;
}
