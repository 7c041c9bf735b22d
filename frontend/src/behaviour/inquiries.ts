/** What a reader asks to be looked at, as the API takes it. */

import type { SweepInquiry } from "../api/types";

export const STEPS = ["last", "all", "untrained"] as const;
export type Steps = (typeof STEPS)[number];

export const STEP_NAMES: Record<Steps, string> = {
  last: "the last step of each run",
  all: "every step whose weights are kept",
  untrained: "the untrained model alone",
};

export interface Asking {
  steps: Steps;
  /** None: all of them. */
  arms: string[];
  problems: string;
  traces: string;
  /** Nothing: the task's own. */
  lexicon: string;
  compares: boolean;
  scores: boolean;
}

export const FIRST: Asking = { steps: "last", arms: [], problems: "", traces: "", lexicon: "", compares: true, scores: true };

/** What is not said is the API's to choose. */
export function requestOf({ steps, arms, problems, traces, lexicon, compares, scores }: Asking): SweepInquiry {
  const probe = { ...(problems.trim() && { problems: Number(problems) }), ...(traces.trim() && { traces: Number(traces) }) };
  return {
    steps: steps === "untrained" ? [0] : steps,
    ...(arms.length > 0 && { arms }),
    ...(lexicon && { lexicon }),
    ...(Object.keys(probe).length > 0 && { probe }),
    ...(!compares && { rare: null }),
    ...(!scores && { collapse: null }),
    // Each field that is missing has a default, which the types do not know of.
  } as unknown as SweepInquiry;
}
