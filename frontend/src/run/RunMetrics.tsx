import type { EChartsOption } from "echarts";
import { useMemo } from "react";

import { useRunMetrics } from "../api/queries";
import type { Series } from "../api/types";
import { Chart } from "../charts/Chart";
import { axis, frame, line, tip, valueAxis, type Point } from "../charts/options";
import { INK, plainStyle, type Ink } from "../charts/palette";
import { pointsOf, shownPoints } from "../curves/means";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useTheme } from "../shell/theme";
import { count, measure } from "../text/numbers";

/** Every metric of a run, small and side by side. */
export function RunMetrics({ id, busy }: { id: number; busy: boolean }) {
  const names = useRunMetrics(id, [], busy);
  const metrics = useRunMetrics(id, names.data?.names ?? [], busy);
  const error = names.error ?? metrics.error;
  if (error && !metrics.data) return <ProblemNotice title="The metrics could not be loaded" error={error} />;
  if (!metrics.data) return <Skeleton lines={4} />;
  const { series } = metrics.data;
  if (series.length === 0) return <p className="muted">No metrics yet: they arrive with the first training step.</p>;
  const partial = shownPoints(series);
  return (
    <>
      {partial && (
        <p className="small muted">
          Showing {count(partial.shown)} of {count(partial.total)} points: of each stretch the smallest and the largest.
        </p>
      )}
      <ul className="multiples">
        {series.map((one) => (
          <li key={one.name}>
            <SmallChart series={one} />
          </li>
        ))}
      </ul>
    </>
  );
}

function SmallChart({ series }: { series: Series }) {
  const theme = useTheme();
  const option = useMemo(() => smallOption(series, INK[theme]), [series, theme]);
  const last = series.values.findLast((value) => value !== null);
  const broken = series.values.some((value) => value === null);
  return (
    <>
      <h3>
        {series.name} <span className="muted">{measure(last)}</span>
      </h3>
      {broken && <p className="small warn-text">Some steps reported no number (NaN or infinite).</p>}
      <Chart option={option} height={132} label={`${series.name} over training steps, last ${measure(last)}`} />
    </>
  );
}

function smallOption(series: Series, ink: Ink): EChartsOption {
  const style = { ...plainStyle(ink), color: ink.text, width: 1.5 };
  const y = valueAxis(ink);
  return {
    ...frame(ink, { formatter: (hovered) => tooltip(hovered, series, ink) }),
    grid: { left: 4, right: 10, top: 10, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "value", min: "dataMin", max: "dataMax", splitNumber: 3, ...axis(ink), splitLine: { show: false } },
    yAxis: { ...y, splitNumber: 3 },
    series: [line(series.name, pointsOf(series), style, false)],
  };
}

function tooltip(hovered: unknown, series: Series, ink: Ink): HTMLElement {
  const [item] = (Array.isArray(hovered) ? hovered : [hovered]) as { value: Point }[];
  const value = item?.value[1] ?? null;
  return tip(`step ${item?.value[0] ?? ""}`, [{ name: series.name, color: ink.text, value: value === null ? "not a number" : measure(value) }]);
}
