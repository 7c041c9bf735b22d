/** The arm that is opened to its views; before any training was looked at, the untrained model. */

import { useBehaviourGaps } from "../api/behaviours";
import type { SweepBehaviour, SweepDetail } from "../api/types";
import { UNTRAINED } from "./figures";
import type { View } from "./view";

export function openedOf({ arm, step }: View): { arm: string; step: number | null } {
  return arm === null ? { arm: UNTRAINED, step: null } : { arm, step };
}

/** Where the arm has nothing after that step, its last. */
export function useGapsOf(sweep: SweepDetail, behaviour: SweepBehaviour, view: View) {
  const { arm, step } = openedOf(view);
  const there = view.there.some((one) => one.arm === arm);
  return useBehaviourGaps(sweep.id, arm, { inquiry: behaviour.inquiry, step: there ? step : null });
}
