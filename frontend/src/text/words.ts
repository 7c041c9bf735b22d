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

/** Each failure class in plain words: what happened, and what to do about it. */
export const FAILURES: Record<FailureClass, { title: string; advice: string }> = {
  user_error: {
    title: "The run's settings were refused",
    advice: "It was not tried again. Clone the sweep, change the setting named below and submit it.",
  },
  bad_data: {
    title: "The task's data could not be read",
    advice: "It was not tried again. Check the model and task, then retry.",
  },
  out_of_memory: {
    title: "The device ran out of memory",
    advice: "It was not tried again. Use fewer prompts per step or a shorter completion limit.",
  },
  disk: {
    title: "The worker's disk is full or failing",
    advice: "The run is not to blame. Free space on the worker's host, then retry.",
  },
  crashed: {
    title: "The trainer stopped with an error",
    advice: "It was tried again as often as allowed. The log below has its last words.",
  },
  killed: {
    title: "The trainer was killed by the system",
    advice: "Often the machine ran out of memory. It was tried again as often as allowed.",
  },
  stalled: {
    title: "The trainer hung",
    advice: "It said nothing for so long that its worker ended it. It was tried again as often as allowed.",
  },
  lost: {
    title: "The worker stopped answering",
    advice: "It was tried again as often as allowed. See whether the worker is alive.",
  },
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
