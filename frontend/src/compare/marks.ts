/** What may be said of a difference, as the heat map and the table mark it. */

import type { ComparedArm, Difference } from "../api/types";

/** `suggested`: the interval of this arm alone excludes zero, and that is not enough. */
export type Mark = "established" | "suggested";

export function markOf(difference: Difference | undefined): Mark | null {
  if (!difference) return null;
  if (difference.established) return "established";
  return difference.excludes_zero ? "suggested" : null;
}

export const MARK_WORDS: Record<Mark, string> = {
  established: "difference established",
  suggested: "excludes zero alone, not established",
};

/** Which intervals of an arm leave training noise out, in words beside them; null if none does. */
export function noiseNote(arm: ComparedArm): string | null {
  const trained = arm.method.method !== "base";
  if (trained && arm.seeds.length === 1) return "1 seed: training noise not included";
  if (arm.delta_over === "problems") return "Δ over 1 seed: training noise not included";
  return null;
}
