import { memo, useMemo, useRef } from "react";

import { useSweepMetric } from "../api/curves";
import type { Series, SweepDetail } from "../api/types";
import type { Crosshair } from "../charts/crosshair";
import { ProblemNotice } from "../shell/Notice";
import { useSeen } from "../shell/seen";
import { CurveChart } from "./CurveChart";
import type { Making } from "./curve";
import { meaningOf } from "./meanings";
import type { Look } from "./option";
import type { Zoom } from "./drawing";
import { MOST_ARMS, trainedArms } from "./view";

export interface Shared {
  sweep: SweepDetail;
  busy: boolean;
  /** The arms to show. */
  shown: string[];
  making: Making;
  look: Look;
  crosshair: Crosshair;
  focus: string | null;
  onZoom: (zoom: Zoom | null) => void;
}

interface Props extends Shared {
  name: string;
  /** Instead of the metric's name. */
  title?: string;
  /** The metric of the chart that is compared with this one. */
  beside?: string;
  height: number;
  points: number;
}

/** A metric of the sweep, asked for once it comes into view. */
export const MetricChart = memo(function MetricChart({ name, title = name, beside = name, height, points, ...shared }: Props) {
  const { sweep, busy, shown, making, look, crosshair, focus, onZoom } = shared;
  const box = useRef<HTMLElement>(null);
  const seen = useSeen(box);
  const arms = trainedArms(sweep).length > MOST_ARMS ? shown : null;
  const question = { x: making.x, zoom: making.zoom, points, arms };
  const found = useSweepMetric(sweep.id, { name, ...question }, busy, seen);
  const other = useSweepMetric(sweep.id, { name: beside, ...question }, busy, seen);
  const series = found.data?.series ?? NOTHING;
  const empty = useMemo(() => !series.some((one) => shown.includes(one.arm)), [series, shown]);
  return (
    <section ref={box} className="curve" aria-label={title} aria-busy={found.isFetching}>
      <h3>
        {title} <span className="muted">{meaningOf(name)}</span>
      </h3>
      {found.error && !found.data && <ProblemNotice title={`${name} could not be loaded`} error={found.error} />}
      {!found.data && !found.error && <div className="curve-wait skeleton" style={{ height }} role="status" aria-label={`Loading ${name}`} />}
      {found.data && empty && (
        <p className="curve-wait muted small" style={{ height }}>
          {emptyWords(name, making.zoom !== null)}
        </p>
      )}
      {!empty && (
        <CurveChart
          name={name}
          series={series}
          shown={shown}
          beside={beside === name ? NOTHING : (other.data?.series ?? NOTHING)}
          making={making}
          look={look}
          height={height}
          crosshair={crosshair}
          focus={focus}
          file={`sweep-${sweep.id}-${name.replaceAll("/", "-")}`}
          onZoom={onZoom}
        />
      )}
    </section>
  );
});

const NOTHING: Series[] = [];

function emptyWords(name: string, zoomed: boolean): string {
  return zoomed ? `No arm that is shown has ${name} here.` : `No arm that is shown has reported ${name} yet.`;
}
