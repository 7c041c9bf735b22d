import { memo, useMemo } from "react";
import { Link } from "wouter";

import type { Series } from "../api/types";
import { Chart } from "../charts/Chart";
import type { Crosshair } from "../charts/crosshair";
import type { LegendKey } from "../charts/downloads";
import { countDropped, makeCurves, placesOf, type Curve, type Making } from "./curve";
import { meaningOf } from "./meanings";
import { curvesOption, styleOf, type Look } from "./option";
import { curveRows } from "./rows";
import { roundedZoom, X_AXES, type Zoom } from "./drawing";
import { droppedWords, gapLines, readingAt, shownWords } from "./words";

interface Props {
  name: string;
  series: Series[];
  /** The arms to show; what is hidden is computed all the same, so that it is quickly back. */
  shown: string[];
  /** Of a chart that is compared with this one. */
  beside?: Series[];
  making: Making;
  look: Look;
  height: number;
  crosshair: Crosshair;
  focus: string | null;
  /** Names the files. */
  file: string;
  onZoom: (zoom: Zoom | null) => void;
}

const NOTHING: Series[] = [];

/** A metric of some runs over training; it is computed anew only when what it shows has changed. */
export const CurveChart = memo(function CurveChart({ name, series, shown, beside = NOTHING, making, look, height, crosshair, focus, file, onZoom }: Props) {
  const made = useMemo(() => makeCurves(series, making), [series, making]);
  const curves = useMemo(() => ofArms(made, shown), [made, shown]);
  const compared = useMemo(() => ofArms(makeCurves(beside, making), shown), [beside, making, shown]);
  const option = useMemo(() => curvesOption(curves, making, look, compared), [curves, making, look, compared]);
  const reading = useMemo(
    () => ({ xs: placesOf(curves, making.zoom), words: (x: number) => readingAt(curves, x, making.x, look) }),
    [curves, making, look],
  );
  return (
    <>
      <Chart
        option={option}
        height={height}
        label={labelOf(name, curves.length, making)}
        title={[`${name} against ${X_AXES[making.x]}`, meaningOf(name)].filter(Boolean).join(": ")}
        keys={keysOf(curves, look)}
        file={file}
        csv={() => curveRows(name, curves, making)}
        reading={reading}
        crosshair={crosshair}
        focus={focus}
        onZoom={(low, high) => {
          const zoom = roundedZoom(making.x, low, high);
          if (zoom) onZoom(zoom);
        }}
        onUnzoom={() => onZoom(null)}
      />
      <Foot curves={curves} making={making} />
    </>
  );
});

function labelOf(name: string, lines: number, { x, lines: kind }: Making): string {
  return `${name} against ${X_AXES[x]}, ${lines} ${kind === "runs" ? "runs" : "arms"}; arrow keys read it, and its CSV has the values`;
}

function ofArms(curves: Curve[], arms: string[]): Curve[] {
  const wanted = new Set(arms);
  return curves.filter(({ arm }) => wanted.has(arm));
}

function keysOf(curves: Curve[], look: Look): LegendKey[] {
  return Array.from(new Map(curves.map((curve) => [curve.arm, { name: curve.arm, style: styleOf(curve, look) }])).values());
}

const NAMED_GAPS = 4;

function Foot({ curves, making }: { curves: Curve[]; making: Making }) {
  const series = curves.flatMap((curve) => curve.seeds);
  const gaps = gapLines(series);
  return (
    <div className="curve-foot small">
      <p className="muted">
        {shownWords(series, making.zoom)} {droppedWords(countDropped(series, making))}
      </p>
      {gaps.length > 0 && (
        <p className="warn-text">
          {gaps.slice(0, NAMED_GAPS).map(({ run, words }, index) => (
            <span key={`${run} ${words}`}>
              {index > 0 && "; "}
              <Link href={`/runs/${run}`}>{words}</Link>
            </span>
          ))}
          {gaps.length > NAMED_GAPS && `; and ${gaps.length - NAMED_GAPS} more runs`}
        </p>
      )}
    </div>
  );
}
