/** Which arms the others can be set against, those that are asked for most first. */

import type { ComparedArm } from "../api/types";

export interface BaselineGroup {
  label: string;
  names: string[];
}

const REGULARISED = ["entropy_bonus", "adaptive_entropy"];

/** Plain entropy regularisation, then what else was trained, then what was not. */
export function baselineGroups(arms: ComparedArm[]): BaselineGroup[] {
  const groups = [
    { label: "Entropy regularisation", holds: (method: string) => REGULARISED.includes(method) },
    { label: "Other trained arms", holds: (method: string) => !REGULARISED.includes(method) && method !== "base" },
    { label: "Without training", holds: (method: string) => method === "base" },
  ];
  return groups
    .map(({ label, holds }) => ({ label, names: arms.filter(({ method }) => holds(method.method)).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 0);
}
