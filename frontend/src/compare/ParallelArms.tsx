import { ParallelChart } from "echarts/charts";
import { ParallelComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { useCallback, useEffect, useMemo, useRef } from "react";

import type { ComparedArm, Comparison } from "../api/types";
import type { EChartsType } from "../charts/canvas";
import { Chart } from "../charts/Chart";
import { INK, type ArmStyle } from "../charts/palette";
import { NARROW, useMedia } from "../shell/media";
import { useTheme } from "../shell/theme";
import { plural } from "../text/numbers";
import type { Axis } from "./axes";
import type { Brush, Stretch } from "./brush";
import { parallelOption } from "./parallel";
import { Stretches } from "./stretches";

echarts.use([ParallelChart, ParallelComponent]);

interface Props {
  comparison: Comparison;
  axes: Axis[];
  brush: Brush;
  styles: Map<string, ArmStyle>;
  selected: string | null;
  onBrush: (axis: Axis, stretch: Stretch | null) => void;
}

/** Parallel coordinates. A chunk of its own, which loads what ECharts needs for it alone. */
export default function ParallelArms({ comparison, axes, brush, styles, selected, onBrush }: Props) {
  const theme = useTheme();
  const narrow = useMedia(NARROW);
  const stretches = useRef<Stretches | null>(null);
  const arms = useMemo(() => comparison.arms.filter((arm) => arm.pass_at), [comparison.arms]);
  const latest = useRef({ axes, brush, onBrush });
  latest.current = { axes, brush, onBrush };
  const option = useMemo(
    () => parallelOption(arms, axes, { styles, selected, baseline: comparison.baseline, ink: INK[theme], narrow }),
    [arms, axes, styles, selected, comparison.baseline, theme, narrow],
  );

  const ready = useCallback((chart: EChartsType) => {
    const drawn = new Stretches(chart, (dim, stretch) => {
      const { axes: now, brush: known, onBrush: tell } = latest.current;
      const axis = now[dim];
      if (!axis) return;
      if (stretch && !keepsAny(axis, stretch)) drawn.show(now, known);
      else tell(axis, stretch);
    });
    drawn.show(latest.current.axes, latest.current.brush);
    stretches.current = drawn;
  }, []);

  useEffect(() => stretches.current?.show(axes, brush), [axes, brush]);

  return (
    <Chart
      key={`${axes.length} ${narrow}`}
      option={option}
      height={narrow ? 90 + 62 * axes.length : 340}
      label={`${plural(arms.length, "arm")} as lines through ${axes.map(({ title }) => title).join(", ")}; the table has the same values`}
      title={`Sweep ${comparison.sweep_id}: arms by settings and results`}
      file={`sweep-${comparison.sweep_id}-parallel`}
      keys={arms.flatMap(({ name }) => {
        const style = styles.get(name);
        return style ? [{ name, style }] : [];
      })}
      csv={() => [["arm", ...axes.map(({ id }) => id)], ...arms.map((arm) => [arm.name, ...axes.map((axis) => csvCell(axis, arm))])]}
      onReady={ready}
    />
  );
}

function csvCell(axis: Axis, arm: ComparedArm): string | number | null {
  const place = axis.place(arm);
  return place === null || axis.kind === "result" ? place : (axis.steps[place] ?? null);
}

/** Between two steps there is nothing to keep. */
function keepsAny(axis: Axis, [low, high]: Stretch): boolean {
  return axis.kind === "result" || axis.steps.some((_, place) => place >= low && place <= high);
}
