/** Which metrics and arms of a sweep a reader has chosen to see, kept in the address. */

import { useMemo } from "react";

import type { SweepArms, SweepDetail } from "../api/types";
import { useView, type ViewChange } from "../shell/view";
import { oneOf } from "./drawing";
import { readPositions, written } from "./positions";

/** Means over seeds, those with the seeds behind, or every run for itself. */
export type Lines = "means" | "seeds" | "runs";
export type Sign = "all" | "positive" | "negative" | "both";

export const LINES: Record<Lines, string> = { means: "means over seeds", seeds: "means and seeds", runs: "every run" };
export const SIGNS: Record<Sign, string> = { all: "all tokens", positive: "A > 0", negative: "A < 0", both: "by sign" };

/** More arms than these are shown only when asked for. */
export const MOST_ARMS = 40;
/** With more arms than these, single seeds are shown only when asked for. */
const FEW_ARMS = 5;

export interface CurvesView {
  /** Null while nothing was chosen. */
  metrics: string[] | null;
  lines: Lines;
  sign: Sign;
  /** Names, in the sweep's order. */
  shown: string[];
  /** The arm kept in front. */
  front: string | null;
}

export interface Choices {
  metrics: (names: string[]) => void;
  lines: (lines: Lines) => void;
  sign: (sign: Sign) => void;
  shown: (arms: Iterable<string>) => void;
  front: (arm: string | null) => void;
}

/** The sweep's trained arms: only they have curves. */
export function trainedArms(sweep: SweepDetail): string[] {
  return sweep.arms_list.filter((arm) => arm.method.method !== "base").map((arm) => arm.name);
}

export function useCurvesView(sweep: SweepDetail): [CurvesView, Choices] {
  const [parameters, change] = useView();
  const read = readView(parameters, sweep);
  const names = read.shown.join("\n");
  // The same list for as long as it says the same, so that charts need not ask.
  const shown = useMemo(() => names.split("\n").filter(Boolean), [names]);
  const { arms_list } = sweep;
  const choices = useMemo(() => choicesOf({ arms_list }, change), [arms_list, change]);
  return [{ ...read, shown }, choices];
}

export function readView(parameters: URLSearchParams, sweep: SweepDetail): CurvesView {
  const shown = readShown(parameters.get("arms"), sweep);
  const front = sweep.arms_list[Number(parameters.get("front") ?? NaN)]?.name;
  return {
    metrics: parameters.get("metrics")?.split(",").filter(Boolean) ?? null,
    lines: oneOf(parameters.get("lines"), LINES, shown.length <= FEW_ARMS ? "seeds" : "means"),
    sign: oneOf(parameters.get("sign"), SIGNS, "all"),
    shown,
    front: front !== undefined && shown.includes(front) ? front : null,
  };
}

function readShown(text: string | null, sweep: SweepDetail): string[] {
  const trained = trainedArms(sweep);
  if (text === null) {
    const first = new Set([sweep.baseline, ...trained].slice(0, MOST_ARMS));
    return trained.filter((name) => first.has(name));
  }
  const positions = readPositions(text, sweep.arms_list.length);
  const asked = new Set(sweep.arms_list.flatMap((arm, position) => (positions.has(position) ? [arm.name] : [])));
  return trained.filter((name) => asked.has(name));
}

function choicesOf(sweep: SweepArms, change: (wanted: ViewChange) => void): Choices {
  const positions = new Map(sweep.arms_list.map((arm, position) => [arm.name, position]));
  return {
    metrics: (names) => change({ metrics: names.join(",") }),
    lines: (lines) => change({ lines }),
    sign: (sign) => change({ sign: sign === "all" ? null : sign }),
    shown: (arms) => change({ arms: written(Array.from(arms, (name) => positions.get(name) ?? -1)) }),
    front: (arm) => change({ front: arm === null ? null : String(positions.get(arm)) }),
  };
}
