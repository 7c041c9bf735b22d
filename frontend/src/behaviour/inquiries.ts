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
  /** Of the comparison: over how many nearest sentences, and how many of the farthest are rare. */
  neighbours: string;
  share: string;
  scores: boolean;
}

export const FIRST: Asking = { steps: "last", arms: [], problems: "", traces: "", lexicon: "", compares: true, neighbours: "", share: "", scores: true };

/** What is not said is the API's to choose. */
export function requestOf({ steps, arms, problems, traces, lexicon, compares, neighbours, share, scores }: Asking): SweepInquiry {
  const probe = numbersOf({ problems, traces });
  const rare = numbersOf({ neighbours, share });
  return {
    steps: steps === "untrained" ? [0] : steps,
    ...(arms.length > 0 && { arms }),
    ...(lexicon && { lexicon }),
    ...(probe && { probe }),
    ...(compares ? rare && { rare } : { rare: null }),
    ...(!scores && { collapse: null }),
    // Each field that is missing has a default, which the types do not know of.
  } as unknown as SweepInquiry;
}

/** Those that were written; null if none was. */
function numbersOf(texts: Record<string, string>): Record<string, number> | null {
  const written = Object.entries(texts).filter(([, text]) => text.trim());
  return written.length > 0 ? Object.fromEntries(written.map(([name, text]) => [name, Number(text)])) : null;
}
