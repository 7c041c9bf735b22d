import { useCallback, useMemo } from "react";

import type { Comparison, SweepDetail } from "../api/types";
import { useListed } from "../shell/view";
import { axesOf, type Axis } from "./axes";
import { readBrush, withinBrush, writeBrush, type Brush, type Stretch } from "./brush";

export interface Brushing {
  axes: Axis[];
  brush: Brush;
  /** The arms that it leaves; null while there is no brush. */
  within: Set<string> | null;
  onBrush: (axis: Axis, stretch: Stretch | null) => void;
  onClear: () => void;
}

/** The brush of the address on the axes at this k. */
export function useBrushing(comparison: Comparison, sweep: SweepDetail, k: number): Brushing {
  const [entries, setEntries] = useListed("brush");
  const axes = useMemo(() => axesOf(comparison, sweep.arms_list, k), [comparison, sweep.arms_list, k]);
  const brush = useMemo(() => readBrush(entries, axes), [entries, axes]);
  const within = useMemo(() => withinBrush(comparison.arms, axes, brush), [comparison.arms, axes, brush]);
  const onBrush = useCallback(
    (axis: Axis, stretch: Stretch | null) => {
      const next = new Map(brush);
      next.delete(axis.id);
      if (stretch) next.set(axis.id, stretch);
      setEntries(writeBrush(next, axes, entries));
    },
    [brush, axes, entries, setEntries],
  );
  return { axes, brush, within, onBrush, onClear: useCallback(() => setEntries([]), [setEntries]) };
}
