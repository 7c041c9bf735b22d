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

echarts.use([ParallelChart, ParallelComponent]);

interface Props {
  comparison: Comparison;
  axes: Axis[];
  brush: Brush;
  styles: Map<string, ArmStyle>;
  selected: string | null;
  onBrush: (axis: Axis, stretch: Stretch | null) => void;
}

/** What ECharts says when the reader has drawn, moved or removed a stretch. */
interface Selected {
  parallelAxisId?: string;
  intervals?: Stretch[];
}

/** Parallel coordinates. A chunk of its own, which loads what ECharts needs for it alone. */
export default function ParallelArms({ comparison, axes, brush, styles, selected, onBrush }: Props) {
  const theme = useTheme();
  const narrow = useMedia(NARROW);
  const chart = useRef<EChartsType | null>(null);
  const arms = useMemo(() => comparison.arms.filter((arm) => arm.pass_at), [comparison.arms]);
  const latest = useRef({ axes, brush, onBrush });
  latest.current = { axes, brush, onBrush };
  const option = useMemo(
    () => parallelOption(arms, axes, { styles, selected, baseline: comparison.baseline, ink: INK[theme], narrow }),
    [arms, axes, styles, selected, comparison.baseline, theme, narrow],
  );

  const ready = useCallback((drawn: EChartsType) => {
    chart.current = drawn;
    drawn.on("axisareaselected", (event) => {
      const { parallelAxisId, intervals } = event as Selected;
      const axis = latest.current.axes[Number(parallelAxisId?.replace("axis-", ""))];
      const stretch = intervals?.[0] ?? null;
      const { axes: now, brush: known, onBrush: tell } = latest.current;
      if (!axis || alike(stretch, drawnStretch(known.get(axis.id)))) return;
      if (stretch && !keepsAny(axis, stretch)) draw(drawn, now, known);
      else tell(axis, stretch);
    });
    draw(drawn, latest.current.axes, latest.current.brush);
  }, []);

  useEffect(() => {
    if (chart.current) draw(chart.current, axes, brush);
  }, [axes, brush, option]);

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

/** ECharts draws no stretch that is open at an end. */
const FAR = 1e9;

function drawnStretch(stretch: Stretch | undefined): Stretch | null {
  return stretch ? [Math.max(stretch[0], -FAR), Math.min(stretch[1], FAR)] : null;
}

function alike(one: Stretch | null, other: Stretch | null): boolean {
  if (one === null || other === null) return one === other;
  return one.every((end, at) => Math.abs(end - (other[at] ?? NaN)) < 1e-6 * (1 + Math.abs(end)));
}

/** The stretches of the address, on the axes that lack them. */
function draw(chart: EChartsType, axes: Axis[], brush: Brush): void {
  axes.forEach((axis, dim) => {
    const wanted = drawnStretch(brush.get(axis.id));
    chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: `axis-${dim}`, intervals: wanted ? [wanted] : [] });
  });
  // The action alone leaves the axis as it is drawn.
  chart.setOption({});
}
