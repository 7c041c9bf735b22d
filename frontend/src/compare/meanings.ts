/** What the settings mean in which arms and runs may differ, in a line each; docs/method.md has the formulas. */

const MEANINGS: Record<string, string> = {
  method: "what is done to the advantage, the objective or the reward",
  alpha: "scale of what a token's entropy adds to its advantage",
  kappa: "bound of what is added: the advantage's size over kappa",
  form: "additive is the paper's; symmetric adds with the sign of the advantage",
  beta: "weight of the mean token entropy in the objective",
  target: "entropy in nats that the coefficient is moved to hold",
  delta: "by how much the coefficient moves in a step",
  rho: "share of tokens, those of highest entropy, that are updated",
  ratio: "share of tokens of high covariance that are not updated",
  low: "covariance from which tokens may be left out",
  high: "covariance up to which tokens may be left out",
  share: "share of tokens, those of highest covariance, that are held to the rollout",
  coef: "how strongly they are held",
  k: "completions of which one must be correct for the reward",
  replica: "the same arm again, with random numbers of its own",
  "train.steps": "optimiser updates",
  "train.prompts_per_step": "groups in an update",
  "train.completions_per_prompt": "completions in a group",
  "train.updates_per_rollout": "updates that share what was sampled at once; above 1, clipping matters",
  "train.clip_low": "how far below 1 the probability ratio counts",
  "train.clip_high": "how far above 1 the probability ratio counts",
  "train.scale_rewards": "over what rewards are scaled to a deviation of 1",
  "train.ratio_level": "whether ratios are of tokens or of whole completions",
  "train.kl_coef": "weight of the penalty for leaving the reference model",
  "train.estimator": "advantages from a prompt's group, or from a critic",
  "train.lora_rank": "rank of the adapters; 0 trains all weights",
  "train.sequences_per_pass": "bounds the memory; a step of more is accumulated",
  "train.keep_every": "steps whose weights are kept to be analysed",
  "eval.samples": "completions for each problem",
  "eval.split": "which problems: those of the search, or those held out for confirmations",
  "eval.seed": "fixes the sampling noise, alike for every run",
  "eval.every": "steps between evaluations; the last is always evaluated",
  seed: "of training: what is sampled, and in which order",
};

export function meaningOf(setting: string): string | null {
  return MEANINGS[setting] ?? null;
}
