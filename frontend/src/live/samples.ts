/** For tests: a stream that says what it is told to, and what is kept of a small sweep. */

import { act } from "@testing-library/react";

import type { KeptRuns } from "./patches";

/** The network's end of a stream. */
export class Wire extends EventTarget {
  static all: Wire[] = [];
  static get newest(): Wire {
    const wire = Wire.all.at(-1);
    if (!wire) throw new Error("nobody listens");
    return wire;
  }

  onerror: (() => void) | null = null;
  open = true;

  constructor(readonly url: string) {
    super();
    Wire.all.push(this);
  }

  close() {
    this.open = false;
  }

  say(name: string, data: object = {}, id = "100") {
    act(() => void this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id })));
  }

  break() {
    act(() => this.onerror?.());
  }
}

export const PROGRESS = { total: 2, queued: 0, running: 1, cancelling: 0, succeeded: 1, failed: 0, cancelled: 0, eta_seconds: null, device_seconds: 5 };
export const NOTHING = { sweeps: [], measured: [], runs: [], workers: false };

export function run(id: number, changes: object = {}) {
  return { id, arm: "grpo", seed: id, status: "running", step: 1, shared_with: [9], ...changes } as unknown as KeptRuns["runs"][number];
}

export const kept = (): KeptRuns => ({ runs: [run(1), run(2)], sweeps: [], cursor: "50" });
