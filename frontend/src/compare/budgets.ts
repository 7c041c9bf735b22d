/** Arms that were trained with more or less than the baseline was: labelled, never silently compared. */

import type { SweepDetail, TrainSettings } from "../api/types";
import { count, plural } from "../text/numbers";

type PlannedArm = SweepDetail["arms_list"][number];

/** Their budgets in words, by name; of an untrained baseline, against the first arm that is trained. */
export function oddBudgets(arms: PlannedArm[], baseline: string): Map<string, string> {
  const trained = arms.flatMap(({ name, train }) => (train ? [{ name, words: budgetOf(train) }] : []));
  const usual = (trained.find(({ name }) => name === baseline) ?? trained[0])?.words;
  return new Map(trained.filter(({ words }) => words !== usual).map(({ name, words }) => [name, words]));
}

function budgetOf(train: TrainSettings): string {
  return `${plural(train.steps, "step")} of ${count(train.prompts_per_step * train.completions_per_prompt)}`;
}
