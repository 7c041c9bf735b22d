import { memo, useMemo, useRef } from "react";

import { useSweepMetric } from "../api/curves";
import type { SweepDetail } from "../api/types";
import type { Crosshair } from "../charts/crosshair";
import { ProblemNotice } from "../shell/Notice";
import { CurveChart } from "./CurveChart";
import type { Making } from "./curve";
import { meaningOf } from "./meanings";
import type { Look } from "./option";
import { useSeen } from "./seen";
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
  height: number;
  points: number;
}

/** A metric of the sweep, asked for once it comes into view. */
export const MetricChart = memo(function MetricChart({ name, title = name, height, points, ...shared }: Props) {
  const { sweep, busy, shown, making, look, crosshair, focus, onZoom } = shared;
  const box = useRef<HTMLElement>(null);
  const seen = useSeen(box);
  const arms = trainedArms(sweep).length > MOST_ARMS ? shown : null;
  const found = useSweepMetric(sweep.id, { name, x: making.x, zoom: making.zoom, points, arms }, busy, seen);
  const series = useMemo(() => {
    const visible = new Set(shown);
    return found.data?.series.filter((one) => visible.has(one.arm)) ?? [];
  }, [found.data, shown]);
  return (
    <section ref={box} className="curve" aria-label={title} aria-busy={found.isFetching}>
      <h3>
        {title} <span className="muted">{meaningOf(name)}</span>
      </h3>
      {found.error && !found.data && <ProblemNotice title={`${name} could not be loaded`} error={found.error} />}
      {!found.data && !found.error && <div className="curve-wait" style={{ height }} role="status" aria-label={`Loading ${name}`} />}
      {found.data && series.length === 0 && (
        <p className="curve-wait muted small" style={{ height }}>
          {emptyWords(name, making.zoom !== null)}
        </p>
      )}
      {series.length > 0 && (
        <CurveChart
          name={name}
          series={series}
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

function emptyWords(name: string, zoomed: boolean): string {
  return zoomed ? `No arm that is shown has ${name} here.` : `No arm that is shown has reported ${name} yet.`;
}
