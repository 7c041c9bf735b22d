/** Which of the selected runs something can be done to at once. */

import type { BatchVerb } from "../api/actions";
import type { RunStatus, SweepRun } from "../api/types";

const POSSIBLE: Record<BatchVerb, RunStatus[]> = { cancel: ["queued", "running"], retry: ["failed", "cancelled"] };

export function eligible(verb: BatchVerb, runs: SweepRun[]): SweepRun[] {
  return runs.filter(({ status }) => POSSIBLE[verb].includes(status));
}
