/** What tells arms apart: the parameters of their methods, and the training settings that differ. */

import type { SweepArm, TrainSettings } from "../api/types";

const SYMBOLS: Record<string, string> = { alpha: "α", beta: "β", kappa: "κ", rho: "ρ" };

/** "α = 0.4", "κ = 2", "clip high = 0.28": of one arm, with what not all trained arms share. */
export function parametersOf(arm: SweepArm, arms: SweepArm[]): string[] {
  const own = Object.entries(arm.method).filter(([name, value]) => name !== "method" && value !== "additive");
  const differing = differences(arms).map((name) => [name, arm.train?.[name]] as const);
  return [...own, ...(arm.train ? differing : [])].map(([name, value]) => `${SYMBOLS[name] ?? worded(name)} = ${String(value ?? "none")}`);
}

/** The training settings that all trained arms have in common. */
export function commonTraining(arms: SweepArm[]): [string, unknown][] {
  const first = arms.find((arm) => arm.train)?.train;
  const differing = new Set<string>(differences(arms));
  return first ? Object.entries(first).filter(([name]) => !differing.has(name)) : [];
}

function differences(arms: SweepArm[]): (keyof TrainSettings)[] {
  const trained = arms.flatMap((arm) => (arm.train ? [arm.train] : []));
  const [first] = trained;
  if (!first) return [];
  return (Object.keys(first) as (keyof TrainSettings)[]).filter((name) => trained.some((train) => train[name] !== first[name]));
}

export function worded(name: string): string {
  return name.replaceAll("_", " ");
}
