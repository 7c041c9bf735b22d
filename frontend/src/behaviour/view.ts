/** What the reader has chosen, from the address where it says, else by a rule. */

import { useMemo } from "react";

import type { ArmFigures, SweepArms, SweepBehaviour, SweepDetail } from "../api/types";
import { useView, type ViewChange } from "../shell/view";
import { armsAt, kindsOf, MEASURES, stepsOf, trainedArms, UNTRAINED, type Kind, type Measure } from "./figures";

export interface View {
  steps: number[];
  /** After which step arms are shown; null: each after its own last. */
  step: number | null;
  baseline: string;
  /** The arm that is opened; null before any was looked at after training. */
  arm: string | null;
  kinds: Kind[];
  kind: Kind;
  measure: Measure;
  /** The figures of the step. */
  there: ArmFigures[];
  change: (wanted: ViewChange) => void;
}

export function useBehaviourView(sweep: SweepDetail, behaviour: SweepBehaviour): View {
  const [parameters, change] = useView();
  const { arms_list } = sweep;
  return useMemo(() => ({ ...viewOf(parameters, { arms_list }, behaviour), change }), [parameters, arms_list, behaviour, change]);
}

export function viewOf(parameters: URLSearchParams, sweep: SweepArms, behaviour: SweepBehaviour): Omit<View, "change"> {
  const steps = stepsOf(behaviour);
  const step = steps.find((one) => String(one) === parameters.get("after")) ?? null;
  const arms = trainedArms(behaviour);
  const kinds = kindsOf(behaviour);
  const asked = parameters.get("baseline");
  const baseline = asked !== null && (asked === UNTRAINED || arms.includes(asked)) ? asked : behaviour.baseline;
  return {
    steps,
    step,
    baseline,
    arm: arms.find((arm) => arm === parameters.get("arm")) ?? usualArm(arms, baseline, sweep),
    kinds,
    kind: kinds.find(({ id }) => id === parameters.get("kind")) ?? kinds[0]!,
    measure: MEASURES.find((name) => name === parameters.get("of")) ?? MEASURES[0],
    there: armsAt(behaviour, step),
  };
}

/** A shaped arm is what most readers come for. */
function usualArm(arms: string[], baseline: string, sweep: SweepArms): string | null {
  const shaped = sweep.arms_list.filter((arm) => arm.method.method === "entropy_shaped").map(({ name }) => name);
  const others = arms.filter((arm) => arm !== baseline);
  return others.find((arm) => shaped.includes(arm)) ?? others[0] ?? arms[0] ?? null;
}
