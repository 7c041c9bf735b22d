import { useMemo } from "react";

import { useRunMetrics } from "../api/curves";
import { useCrosshair } from "../charts/crosshair";
import { INK, plainStyle } from "../charts/palette";
import { CurveChart } from "../curves/CurveChart";
import { useDrawing } from "../curves/drawing";
import { grouped, meaningOf } from "../curves/meanings";
import type { Look } from "../curves/option";
import { Toolbar } from "../curves/Toolbar";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useTheme } from "../shell/theme";
import { measure } from "../text/numbers";

/** Every metric of a run, small and side by side, over the same part of its training. */
export function RunMetrics({ id, busy }: { id: number; busy: boolean }) {
  const [drawing, draw] = useDrawing();
  const names = useRunMetrics(id, [], busy);
  const metrics = useRunMetrics(id, names.data?.names ?? [], busy, drawing);
  const crosshair = useCrosshair();
  const look = useLook(metrics.data?.series[0]?.arm ?? "");
  const making = useMemo(() => ({ ...drawing, lines: "runs" as const }), [drawing]);
  const error = names.error ?? metrics.error;
  if (error && !metrics.data) return <ProblemNotice title="The metrics could not be loaded" error={error} />;
  if (!metrics.data) return <Skeleton lines={4} />;
  const order = grouped(names.data?.names ?? []).flatMap((group) => group.names);
  const sorted = metrics.data.series.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  if (names.data?.names.length === 0) return <p className="muted">No metrics yet: they arrive with the first training step.</p>;
  return (
    <>
      <Toolbar drawing={drawing} choose={draw} />
      <div className="curve-grid small">
        {sorted.map((series) => (
          <section key={series.name} className="curve" aria-label={series.name}>
            <h3>
              {series.name} <b>{measure(series.values.findLast((value) => value !== null))}</b>
              <span className="muted">{meaningOf(series.name)}</span>
            </h3>
            <One {...{ series, making, look, crosshair }} file={`run-${id}-${series.name.replaceAll("/", "-")}`} onZoom={draw.zoom} />
          </section>
        ))}
      </div>
    </>
  );
}

type OneProps = Omit<Parameters<typeof CurveChart>[0], "name" | "series" | "shown" | "height" | "focus"> & {
  series: Parameters<typeof CurveChart>[0]["series"][number];
};

function One({ series, ...shared }: OneProps) {
  const alone = useMemo(() => [series], [series]);
  const shown = useMemo(() => [series.arm], [series.arm]);
  return <CurveChart name={series.name} series={alone} shown={shown} height={140} focus={null} {...shared} />;
}

/** One run has one colour: there is nothing to tell it from. */
function useLook(arm: string): Look {
  const ink = INK[useTheme()];
  return useMemo(() => {
    const style = { ...plainStyle(ink), color: ink.text, width: 1.5 };
    return { styles: new Map([[arm, style]]), baseline: arm, ink };
  }, [arm, ink]);
}
