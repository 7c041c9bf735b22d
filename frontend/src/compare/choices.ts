/** What the reader has chosen in the Compare tab, as the address has it, and how it changes. */

import { useCallback, useMemo } from "react";

import type { Comparison } from "../api/types";
import { toggled, useListed, useView } from "../shell/view";
import { nextOrder, readOrder, shownKs, writeOrder, type Column, type Order } from "./columns";

export interface Choices {
  k: number;
  /** Of k among the comparison's ks. */
  index: number;
  selected: string | null;
  /** The ks of the table. */
  ks: number[];
  order: Order | null;
  opened: Set<string>;
  onK: (k: number) => void;
  onSelect: (arm: string) => void;
  onBaseline: (arm: string | null) => void;
  onSort: (column: Column) => void;
  onOpen: (arm: string) => void;
  onAdd: (k: number) => void;
  onRemove: (k: number) => void;
}

export function useChoices({ ks: all, submitted_baseline: own }: Comparison): Choices {
  const [parameters, change] = useView();
  const [columns, setColumns] = useListed("ks");
  const [openList, setOpen] = useListed("open");
  const asked = all.indexOf(Number(parameters.get("k")));
  const index = asked >= 0 ? asked : Math.max(0, all.length - 1);
  const k = all[index] ?? 1;
  const selected = parameters.get("arm");
  const sort = parameters.get("sort");
  const order = useMemo(() => readOrder(sort), [sort]);
  const ks = useMemo(() => shownKs(all, columns.map(Number), k), [all, columns, k]);
  const opened = useMemo(() => new Set(openList), [openList]);
  const setKs = (next: number[]) => setColumns(next.map(String));
  return {
    k,
    index,
    selected,
    ks,
    order,
    opened,
    onK: useCallback((next: number) => change({ k: String(next) }), [change]),
    onSelect: useCallback((arm: string) => change({ arm: arm === selected ? null : arm }), [change, selected]),
    onBaseline: useCallback((arm: string | null) => change({ baseline: arm === own ? null : arm }), [change, own]),
    onSort: useCallback((column: Column) => change({ sort: writeOrder(nextOrder(order, column)) }), [change, order]),
    onOpen: useCallback((arm: string) => setOpen(toggled(openList, arm)), [setOpen, openList]),
    onAdd: (next) => setKs([...ks, next]),
    onRemove: (gone) => setKs(ks.filter((one) => one !== gone)),
  };
}
