/** What the reader has chosen in the Compare tab, as the address has it, and how it changes. */

import { useMemo, useRef } from "react";

import type { Comparison } from "../api/types";
import { toggled, useListed, useView, type ViewChange } from "../shell/view";
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
  /** Whose settings stand side by side. */
  diff: string[];
  onK: (k: number) => void;
  onSelect: (arm: string) => void;
  onBaseline: (arm: string | null) => void;
  onSort: (column: Column) => void;
  onOpen: (arm: string) => void;
  onAdd: (k: number) => void;
  onRemove: (k: number) => void;
  /** Sets the settings of an arm or run beside those that are there. */
  onDiff: (subject: string) => void;
  /** Sets an arm's settings beside the baseline's. */
  onBeside: (arm: string) => void;
  onDiffs: (subjects: string[]) => void;
}

export function useChoices({ ks: all, baseline, submitted_baseline: own }: Comparison): Choices {
  const [parameters, change] = useView();
  const [columns, setColumns] = useListed("ks");
  const [openList, setOpen] = useListed("open");
  const [diffList, setDiff] = useListed("diff");
  const asked = all.indexOf(Number(parameters.get("k")));
  const index = asked >= 0 ? asked : Math.max(0, all.length - 1);
  const k = all[index] ?? 1;
  const selected = parameters.get("arm");
  const sort = parameters.get("sort");
  const order = useMemo(() => readOrder(sort), [sort]);
  const ks = useMemo(() => shownKs(all, columns.map(Number), k), [all, columns, k]);
  const opened = useMemo(() => new Set(openList), [openList]);
  const diff = useMemo(() => (diffList.length > 0 ? diffList : Array.from(new Set([baseline, selected ?? baseline]))), [diffList, baseline, selected]);
  const acts = useActs({ selected, order, ks, openList, diff, baseline, own }, { change, setColumns, setOpen, setDiff });
  return { k, index, selected, ks, order, opened, diff, ...acts };
}

interface Known {
  selected: string | null;
  order: Order | null;
  ks: number[];
  openList: string[];
  diff: string[];
  baseline: string;
  own: string;
}

interface Setters {
  change: (wanted: ViewChange) => void;
  setColumns: (ks: string[]) => void;
  setOpen: (arms: string[]) => void;
  setDiff: (subjects: string[]) => void;
}

/** The same functions at every rendering, so that rows which only act need not be drawn again. */
function useActs(known: Known, setters: Setters) {
  const latest = useRef({ ...known, ...setters });
  latest.current = { ...known, ...setters };
  return useMemo(() => {
    const now = () => latest.current;
    const setKs = (ks: number[]) => now().setColumns(ks.map(String));
    return {
      onK: (k: number) => now().change({ k: String(k) }),
      onSelect: (arm: string) => now().change({ arm: arm === now().selected ? null : arm }),
      onBaseline: (arm: string | null) => now().change({ baseline: arm === now().own ? null : arm }),
      onSort: (column: Column) => now().change({ sort: writeOrder(nextOrder(now().order, column)) }),
      onOpen: (arm: string) => now().setOpen(toggled(now().openList, arm)),
      onAdd: (k: number) => setKs([...now().ks, k]),
      onRemove: (k: number) => setKs(now().ks.filter((one) => one !== k)),
      onDiff: (subject: string) => now().setDiff(Array.from(new Set([...now().diff, subject]))),
      onBeside: (arm: string) => now().setDiff(Array.from(new Set([now().baseline, arm]))),
      onDiffs: (subjects: string[]) => now().setDiff(subjects),
    };
  }, []);
}
