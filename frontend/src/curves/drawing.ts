/** How curves are drawn and which part of training they show, kept in the address. */

import { useMemo } from "react";

import type { Axis } from "../api/types";
import { useView, type ViewChange } from "../shell/view";
import { SMOOTHINGS, type Smoothing } from "./means";

export type XAxis = Axis;
export type Zoom = readonly [low: number, high: number];

export const X_AXES: Record<XAxis, string> = { step: "training step", tokens: "tokens", seconds: "time" };

export interface Drawing {
  x: XAxis;
  logX: boolean;
  logY: boolean;
  smoothing: Smoothing;
  zoom: Zoom | null;
}

export interface DrawingChoices {
  x: (x: XAxis) => void;
  logX: (on: boolean) => void;
  logY: (on: boolean) => void;
  smoothing: (smoothing: Smoothing) => void;
  zoom: (zoom: Zoom | null) => void;
}

/** The same object for as long as nothing of it has changed, whatever else the address says. */
export function useDrawing(): [Drawing, DrawingChoices] {
  const [parameters, change] = useView();
  const { x, logX, logY, smoothing, zoom } = readDrawing(parameters);
  const [low, high] = zoom ?? [null, null];
  const drawing = useMemo<Drawing>(
    () => ({ x, logX, logY, smoothing, zoom: low === null || high === null ? null : [low, high] }),
    [x, logX, logY, smoothing, low, high],
  );
  return [drawing, useMemo(() => choicesOf(change), [change])];
}

export function readDrawing(parameters: URLSearchParams): Drawing {
  return {
    x: oneOf(parameters.get("x"), X_AXES, "step"),
    logX: parameters.has("logx"),
    logY: parameters.has("logy"),
    smoothing: oneOf(parameters.get("smooth"), SMOOTHINGS, "none"),
    zoom: readZoom(parameters.get("zoom")),
  };
}

export function oneOf<T extends string>(asked: string | null, known: Record<T, unknown>, otherwise: T): T {
  return asked !== null && Object.hasOwn(known, asked) ? (asked as T) : otherwise;
}

/** "120~480": a tilde, for a number may have a minus in its exponent. */
function readZoom(text: string | null): Zoom | null {
  const [low, high, ...more] = (text ?? "").split("~").map((end) => (end === "" ? NaN : Number(end)));
  if (low === undefined || high === undefined || more.length > 0) return null;
  return low >= 0 && high > low && high < Infinity ? [low, high] : null;
}

function choicesOf(change: (wanted: ViewChange) => void): DrawingChoices {
  return {
    // What is seen on one axis is somewhere else on another.
    x: (x) => change({ x: x === "step" ? null : x, zoom: null }),
    logX: (on) => change({ logx: on ? "1" : null }),
    logY: (on) => change({ logy: on ? "1" : null }),
    smoothing: (smoothing) => change({ smooth: smoothing === "none" ? null : smoothing }),
    zoom: (zoom) => change({ zoom: zoom && `${zoom[0]}~${zoom[1]}` }),
  };
}

/** Ends a reader can say: whole steps and tokens, tenths of seconds. Null for less than one. */
export function roundedZoom(x: XAxis, low: number, high: number): Zoom | null {
  const unit = x === "seconds" ? 10 : 1;
  const ends = [Math.floor(low * unit) / unit, Math.ceil(high * unit) / unit] as const;
  return ends[1] > ends[0] ? ends : null;
}
