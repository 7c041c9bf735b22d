/** What states and failures are called on the page. */

import type { FailureClass, RunStatus } from "../api/types";

export const STATES: readonly RunStatus[] = [
  "succeeded",
  "running",
  "cancelling",
  "queued",
  "failed",
  "cancelled",
];

/** Each failure class in a word or two, as the API's advice titles it; the page of a run says more. */
export const FAILURES: Record<FailureClass, string> = {
  user_error: "Refused",
  bad_data: "Unreadable data",
  out_of_memory: "Out of memory",
  disk: "Disk full or failing",
  crashed: "Crashed",
  killed: "Killed",
  stalled: "Stalled",
  lost: "Lost",
};

const OUTCOMES: Record<string, string> = {
  succeeded: "succeeded",
  drained: "handed back: its worker stopped",
  cancelled: "cancelled",
  user_error: "refused",
  bad_data: "its data could not be read",
  out_of_memory: "ran out of memory",
  disk: "the disk took no more",
  crashed: "crashed",
  killed: "was killed",
  stalled: "hung and was ended",
  lost: "lost: its worker fell silent",
};

/** How an attempt ended; null while it runs. */
export function outcomeWords(outcome: string | null): string {
  if (outcome === null) return "runs";
  return OUTCOMES[outcome] ?? outcome.replaceAll("_", " ");
}

/** What was done, after who did it. */
export const ACTIONS: Record<string, string> = {
  submit: "submitted it",
  pause: "paused it",
  resume: "resumed it",
  drain: "drained it",
  cancel: "cancelled it",
  retry: "retried what had failed or was cancelled",
  archive: "archived it",
  unarchive: "unarchived it",
  priority: "set its priority",
  limit: "limited its running runs",
  extend: "extended it",
  analyse: "queued analyses of its behaviour",
  clone: "cloned it",
  restart: "restarted it from zero",
};

export const METHOD_NAMES: Record<string, string> = {
  base: "base model",
  grpo: "GRPO",
  ppo: "PPO",
  entropy_bonus: "entropy bonus",
  adaptive_entropy: "adaptive entropy",
  entropy_shaped: "entropy-shaped",
  forking_tokens: "forking tokens",
  clip_cov: "Clip-Cov",
  kl_cov: "KL-Cov",
  pass_at_k: "Pass@k training",
};
