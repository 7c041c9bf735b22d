/** What the arms table and its cards are given. */

import type { ComparedArm, Comparison } from "../api/types";
import type { ArmStyle } from "../charts/palette";
import type { Column, Order } from "./columns";

export interface ArmsProps {
  comparison: Comparison;
  /** In the order they are shown in. */
  arms: ComparedArm[];
  /** The ks that have columns, and the one that the rest of the page shows. */
  ks: number[];
  k: number;
  order: Order | null;
  sentences: Record<string, string>;
  styles: Map<string, ArmStyle>;
  budgets: Map<string, string>;
  /** The arms that the brush leaves; null while there is none. */
  within: Set<string> | null;
  selected: string | null;
  opened: Set<string>;
  busy: boolean;
  onSort: (column: Column) => void;
  onSelect: (arm: string) => void;
  onOpen: (arm: string) => void;
  onDiff: (subject: string) => void;
  onK: (k: number) => void;
  onRemove: (k: number) => void;
}

/** One arm of it. */
export interface ArmRowProps {
  arm: ComparedArm;
  comparison: Comparison;
  /** Only of an opened one. */
  k: number;
  busy: boolean;
  sentence: string | undefined;
  style: ArmStyle | undefined;
  budget: string | undefined;
  selected: boolean;
  open: boolean;
  dimmed: boolean;
  onSelect: (arm: string) => void;
  onOpen: (arm: string) => void;
  onDiff: (subject: string) => void;
}

/** What concerns one row, so that the others need not be drawn again. */
export function rowProps(arm: ComparedArm, { within, selected, opened, styles, budgets, sentences, ...rest }: ArmsProps): ArmRowProps {
  const { comparison, k, busy, onSelect, onOpen, onDiff } = rest;
  const { name } = arm;
  const open = opened.has(name);
  return {
    arm,
    comparison,
    // A closed row does not change with k.
    k: open ? k : NaN,
    busy,
    sentence: open ? sentences[name] : undefined,
    style: styles.get(name),
    budget: budgets.get(name),
    selected: name === selected,
    open,
    dimmed: within !== null && !within.has(name),
    onSelect,
    onOpen,
    onDiff,
  };
}
