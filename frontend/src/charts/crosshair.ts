/** A cross-hair that several charts with the same x axis share. */

import { useState } from "react";

type Listener = (x: number | null, from: object | null) => void;

/** Where the reader points; charts are told without being drawn again. */
export class Crosshair {
  private readonly listeners = new Set<Listener>();

  move(x: number | null, from: object): void {
    for (const listener of this.listeners) listener(x, from);
  }

  follow(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export function useCrosshair(): Crosshair {
  return useState(() => new Crosshair())[0];
}
