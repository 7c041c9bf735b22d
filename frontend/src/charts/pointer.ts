/**
 * Pointing at a chart: a cross-hair, the words at it, and zooming by dragging. All of it lies over
 * the canvas, which is not drawn again for it. Arrow keys do what a mouse does.
 */

import type { EChartsType } from "./canvas";
import type { Crosshair } from "./crosshair";
import { contains, nearest, pixelOf, plotOf, valueAt, type Plot } from "./plots";

/** What can be read off a chart. */
export interface Reading {
  /** Where a reader may point, rising. */
  xs: number[];
  /** The words at one of them. */
  words: (x: number) => HTMLElement;
}

export interface Behaviour {
  reading: Reading | undefined;
  /** The reader dragged over this range of the x axis. */
  onZoom: ((low: number, high: number) => void) | undefined;
  /** The reader clicked here, or pressed Enter. */
  onPick: ((x: number) => void) | undefined;
  /** The reader clicked twice. */
  onUnzoom: (() => void) | undefined;
}

interface Place {
  x: number;
  y: number;
}

/** Shorter ones are clicks. */
const SHORTEST_DRAG = 6;
const GAP = 14;
const STRIDE = 10;

export class Pointer {
  private readonly line = overlay("chart-line");
  private readonly span = overlay("chart-span");
  private readonly tip = overlay("chart-tip");
  private readonly listening = new AbortController();
  private readonly unfollow: () => void;
  private place: Place | null = null;
  /** Where the mouse is in the window; null when the reader points by keys or with a finger. */
  private mouse: Place | null = null;
  private x: number | null = null;
  private dragged: number | null = null;

  constructor(
    private readonly box: HTMLElement,
    private readonly chart: EChartsType,
    private readonly crosshair: Crosshair,
    private readonly behaviour: () => Behaviour,
    private readonly say: (words: string) => void,
  ) {
    box.append(this.span, this.line, this.tip);
    this.unfollow = crosshair.follow((x, from) => from !== this && this.follow(x));
    this.on("pointermove", this.move);
    this.on("pointerdown", this.press);
    this.on("pointerup", this.release);
    this.on("pointercancel", this.leave);
    // A finger that was lifted has pointed; a mouse that left points no more.
    this.on("pointerleave", (event) => event.pointerType === "mouse" && this.dragged === null && this.leave());
    this.on("click", () => this.place && this.pick());
    this.on("dblclick", () => this.behaviour().onUnzoom?.());
    this.on("keydown", this.key);
    this.on("blur", this.leave);
    window.addEventListener("scroll", this.scroll, { capture: true, passive: true, signal: this.listening.signal });
  }

  /** After the chart was drawn anew: the same place may mean another value. */
  refresh(): void {
    if (this.place) this.read(this.place);
    else if (this.x !== null) this.mark(this.x);
  }

  dispose(): void {
    this.listening.abort();
    this.unfollow();
    for (const element of [this.line, this.span, this.tip]) element.remove();
  }

  private on<K extends keyof HTMLElementEventMap>(kind: K, act: (event: HTMLElementEventMap[K]) => void): void {
    this.box.addEventListener(kind, act, { signal: this.listening.signal });
  }

  private readonly move = (event: PointerEvent): void => {
    this.mouse = event.pointerType === "mouse" ? { x: event.clientX, y: event.clientY } : null;
    const place = this.placeOf({ x: event.clientX, y: event.clientY });
    const plot = plotOf(this.chart);
    if (!plot) return;
    if (this.dragged !== null) this.drawSpan(plot, this.dragged, place.x);
    if (this.dragged !== null || contains(plot, place.x, place.y)) this.read(place);
    else this.leave();
  };

  /** The chart has moved in the window, what the reader points with has not. */
  private readonly scroll = (): void => {
    if (!this.place) return;
    const plot = plotOf(this.chart);
    const place = this.mouse ? this.placeOf(this.mouse) : this.place;
    if (plot && contains(plot, place.x, place.y)) this.read(place);
    else this.leave();
  };

  private readonly press = (event: PointerEvent): void => {
    this.mouse = event.pointerType === "mouse" ? { x: event.clientX, y: event.clientY } : null;
    const place = this.placeOf({ x: event.clientX, y: event.clientY });
    const plot = plotOf(this.chart);
    if (event.button !== 0 || !plot || !contains(plot, place.x, place.y)) return;
    this.read(place);
    if (!this.behaviour().onZoom) return;
    this.dragged = place.x;
    this.box.setPointerCapture(event.pointerId);
  };

  private readonly release = (event: PointerEvent): void => {
    const from = this.dragged;
    const to = this.placeOf({ x: event.clientX, y: event.clientY }).x;
    const plot = plotOf(this.chart);
    this.endDrag();
    if (from === null || !plot || Math.abs(to - from) < SHORTEST_DRAG) return;
    const ends = [valueAt(this.chart, plot, from), valueAt(this.chart, plot, to)];
    this.behaviour().onZoom?.(Math.min(...ends), Math.max(...ends));
  };

  private readonly leave = (): void => {
    this.endDrag();
    if (!this.place) return;
    this.place = null;
    this.hide();
    this.crosshair.move(null, this);
  };

  private readonly key = (event: KeyboardEvent): void => {
    const xs = this.behaviour().reading?.xs ?? [];
    const plot = plotOf(this.chart);
    if (event.key === "Escape") this.leave();
    if (event.key === "Enter") this.pick();
    const to = this.nextByKey(event, xs);
    if (to === null || !plot) return;
    event.preventDefault();
    const x = xs[Math.max(0, Math.min(to, xs.length - 1))];
    if (x === undefined) return;
    this.mouse = null;
    this.read({ x: pixelOf(this.chart, x), y: plot.y + plot.height / 3 });
    this.say(this.tip.innerText);
  };

  private nextByKey({ key, shiftKey }: KeyboardEvent, xs: number[]): number | null {
    const at = this.x === null ? -1 : xs.indexOf(this.x);
    const stride = shiftKey ? STRIDE : 1;
    const places: Record<string, number> = { ArrowRight: at + stride, ArrowLeft: at - stride, Home: 0, End: xs.length - 1 };
    return places[key] ?? null;
  }

  private pick(): void {
    if (this.x !== null) this.behaviour().onPick?.(this.x);
  }

  /** The reader points here, at this chart. */
  private read(place: Place): void {
    const { reading } = this.behaviour();
    const x = reading?.xs[nearest(this.chart, reading.xs, place.x)];
    if (!reading || x === undefined) return this.leave();
    this.place = place;
    this.mark(x);
    this.tip.replaceChildren(reading.words(x));
    this.tip.hidden = false;
    this.putTip(place);
    this.crosshair.move(x, this);
  }

  /** The reader points at another chart. */
  private follow(x: number | null): void {
    this.place = null;
    this.tip.hidden = true;
    if (x === null) this.hide();
    else this.mark(x);
  }

  private mark(x: number): void {
    this.x = x;
    const plot = plotOf(this.chart);
    const pixel = pixelOf(this.chart, x);
    this.line.hidden = !plot || pixel < plot.x - 1 || pixel > plot.x + plot.width + 1;
    if (plot && !this.line.hidden) lay(this.line, pixel, plot.y, 1, plot.height);
  }

  private hide(): void {
    this.x = null;
    this.line.hidden = true;
    this.tip.hidden = true;
  }

  private drawSpan(plot: Plot, from: number, to: number): void {
    const end = Math.min(Math.max(to, plot.x), plot.x + plot.width);
    this.span.hidden = Math.abs(end - from) < SHORTEST_DRAG;
    lay(this.span, Math.min(from, end), plot.y, Math.abs(end - from), plot.height);
  }

  private endDrag(): void {
    this.dragged = null;
    this.span.hidden = true;
  }

  /** Beside the cross-hair, on the side that has room, inside the window. */
  private putTip(place: Place): void {
    const box = this.box.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const x = box.left + (this.x === null ? place.x : pixelOf(this.chart, this.x));
    const right = x + GAP + width <= window.innerWidth ? x + GAP : x - GAP - width;
    this.tip.style.left = `${Math.max(4, Math.min(right, window.innerWidth - width - 4))}px`;
    this.tip.style.top = `${Math.max(4, Math.min(box.top + place.y + GAP, window.innerHeight - height - 4))}px`;
  }

  /** Of a place in the window. */
  private placeOf({ x, y }: Place): Place {
    const box = this.box.getBoundingClientRect();
    return { x: x - box.left, y: y - box.top };
  }
}

function overlay(className: string): HTMLElement {
  const element = document.createElement("div");
  element.className = className;
  element.hidden = true;
  return element;
}

function lay(element: HTMLElement, x: number, y: number, width: number, height: number): void {
  Object.assign(element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
}
