import { useMemo, useState } from "react";

import { useMetricNames } from "../api/curves";
import { useSweepRuns } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { useCrosshair } from "../charts/crosshair";
import { armStyles, INK } from "../charts/palette";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useTheme } from "../shell/theme";
import { ArmRail } from "./ArmRail";
import { useDrawing } from "./drawing";
import { firstChoice } from "./meanings";
import { MetricChart, type Shared } from "./MetricChart";
import { MetricPicker } from "./MetricPicker";
import type { Look } from "./option";
import { RegulationPanel } from "./RegulationPanel";
import { Choice, Toolbar } from "./Toolbar";
import { LINES, trainedArms, useCurvesView, type Choices, type CurvesView, type Lines } from "./view";
import { makingWords } from "./words";

interface Props {
  sweep: SweepDetail;
  busy: boolean;
}

export function CurvesTab({ sweep, busy }: Props) {
  const names = useMetricNames(sweep.id, busy);
  if (!names.data) {
    return names.error ? <ProblemNotice title="The metrics could not be loaded" error={names.error} /> : <Skeleton lines={8} height="2rem" />;
  }
  if (trainedArms(sweep).length === 0) {
    return (
      <Empty title="Nothing is trained here">
        <p>This sweep only evaluates the base model, so it has no curves. Compare shows what it solves.</p>
      </Empty>
    );
  }
  if (names.data.names.length === 0) {
    return (
      <Empty title="No metrics yet">
        <p>They arrive with the first training steps{busy ? "; this page shows them as they do" : ""}.</p>
      </Empty>
    );
  }
  return <Curves sweep={sweep} busy={busy} names={names.data.names} />;
}

function Curves({ sweep, busy, names }: Props & { names: string[] }) {
  const [view, choose] = useCurvesView(sweep);
  const [drawing, draw] = useDrawing();
  const [pointed, point] = useState<string | null>(null);
  const crosshair = useCrosshair();
  const look = useLook(sweep);
  const { lines, shown } = view;
  const making = useMemo(() => ({ ...drawing, lines }), [drawing, lines]);
  const focus = pointed !== null && shown.includes(pointed) ? pointed : view.front;
  const shared: Shared = { sweep, busy, shown, making, look, crosshair, focus, onZoom: draw.zoom };
  const shaped = names.includes("psi/share");
  const rail = { sweep, styles: look.styles, shown, front: view.front, onShow: choose.shown, onFront: choose.front, onPoint: point };
  return (
    <div className="curves">
      <Toolbar drawing={drawing} choose={draw}>
        <Choice label="lines" value={lines} options={LINES} onChange={(name) => choose.lines(name as Lines)} />
      </Toolbar>
      <details className="curves-rail" open={!window.matchMedia("(max-width: 60rem)").matches}>
        <summary>Arms</summary>
        {lines === "runs" ? <RailWithRuns busy={busy} {...rail} /> : <ArmRail runs={[]} {...rail} />}
      </details>
      <div className="curves-main">
        {shaped && <RegulationPanel sign={view.sign} onSign={choose.sign} {...shared} />}
        <Metrics names={names} shaped={shaped} view={view} choose={choose} shared={shared} />
      </div>
    </div>
  );
}

function RailWithRuns({ busy, ...rail }: Omit<Parameters<typeof ArmRail>[0], "runs"> & { busy: boolean }) {
  const runs = useSweepRuns(rail.sweep.id, busy);
  return <ArmRail runs={runs.data?.runs ?? []} {...rail} />;
}

function useLook(sweep: SweepDetail): Look {
  const theme = useTheme();
  return useMemo(
    () => ({ styles: armStyles(sweep.arms_list, theme), baseline: sweep.baseline, ink: INK[theme] }),
    [sweep.arms_list, sweep.baseline, theme],
  );
}

interface MetricsProps {
  names: string[];
  shaped: boolean;
  view: CurvesView;
  choose: Choices;
  shared: Shared;
}

function Metrics({ names, shaped, view, choose, shared }: MetricsProps) {
  const chosen = view.metrics ?? firstChoice(names, shaped);
  return (
    <section className="card" aria-labelledby="metrics-title">
      <div className="card-head">
        <h2 id="metrics-title">Metrics</h2>
      </div>
      <MetricPicker names={names} chosen={chosen} onChoose={choose.metrics} />
      <p className="chart-note small muted">{makingWords(shared.making)} Drag over a chart to zoom in, click twice to zoom out.</p>
      {chosen.length === 0 && <p className="muted">No metric is chosen.</p>}
      <div className="curve-grid">
        {chosen.map((name) => (
          <MetricChart key={name} name={name} height={200} points={300} {...shared} />
        ))}
      </div>
    </section>
  );
}
