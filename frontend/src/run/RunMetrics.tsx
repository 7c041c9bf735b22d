import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useAllRunMetrics } from "../api/curves";
import { sweepQuery } from "../api/queries";
import type { RunDetail } from "../api/types";
import { useCrosshair } from "../charts/crosshair";
import { armStyles, INK, plainStyle, type StyledArm } from "../charts/palette";
import { CurveChart } from "../curves/CurveChart";
import { useDrawing } from "../curves/drawing";
import { grouped, meaningOf } from "../curves/meanings";
import type { Look } from "../curves/option";
import { Toolbar } from "../curves/Toolbar";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useTheme, type Theme } from "../shell/theme";
import { measure } from "../text/numbers";

/** Every metric of a run, small and side by side, over the same part of its training. */
export function RunMetrics({ run, busy }: { run: RunDetail; busy: boolean }) {
  const [drawing, draw] = useDrawing();
  const { names = [], data, error } = useAllRunMetrics(run.id, busy, drawing);
  const crosshair = useCrosshair();
  const look = useLook(run);
  const making = useMemo(() => ({ ...drawing, lines: "runs" as const }), [drawing]);
  if (error && !data) return <ProblemNotice title="The metrics could not be loaded" error={error} />;
  if (!data) return <Skeleton lines={4} />;
  const order = grouped(names).flatMap((group) => group.names);
  const sorted = data.series.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  if (names.length === 0) return <p className="muted">No metrics yet: they arrive with the first training step.</p>;
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
            <One {...{ series, making, look, crosshair }} file={`run-${run.id}-${series.name.replaceAll("/", "-")}`} onZoom={draw.zoom} />
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

function useLook({ arm, sweep_id: id }: RunDetail): Look {
  const theme = useTheme();
  const arms = useQuery(sweepQuery(id)).data?.arms_list;
  return useMemo(() => lookOf(arm, arms ?? [], theme), [arm, arms, theme]);
}

/** The run's arm as every chart of its sweep draws it, and in the ink of notes until that is known. */
export function lookOf(arm: string, arms: StyledArm[], theme: Theme): Look {
  const ink = INK[theme];
  const style = armStyles(arms, theme).get(arm) ?? plainStyle(ink);
  return { styles: new Map([[arm, { ...style, width: 1.5 }]]), baseline: arm, ink };
}
