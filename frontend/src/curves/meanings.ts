/** What the metrics of training mean, as docs/method.md has it, and in which groups they are offered. */

const MEANINGS: Record<string, string> = {
  "entropy/mean": "mean entropy of the completion’s tokens, in nats",
  "entropy/positive": "mean entropy of tokens with A > 0, in nats",
  "entropy/negative": "mean entropy of tokens with A < 0, in nats",
  "entropy/coef": "the entropy bonus’s coefficient at this step",
  "psi/share": "mean of psi/|A| over tokens with A ≠ 0",
  "psi/share_positive": "mean of psi/|A| over tokens with A > 0",
  "psi/share_negative": "mean of psi/|A| over tokens with A < 0",
  "psi/capped": "share of tokens with A ≠ 0 at the cap |A|/kappa",
  "psi/capped_positive": "share of tokens with A > 0 at the cap |A|/kappa",
  "psi/capped_negative": "share of tokens with A < 0 at the cap |A|/kappa",
  "psi/mean": "mean psi over all completion tokens",
  "reward/mean": "mean reward of the rollout",
  "reward/std": "standard deviation of the rollout’s rewards",
  "reward/flat_groups": "share of prompts whose completions all have the same reward, and teach nothing",
  "completion/length": "mean number of tokens of a completion",
  "completion/truncated": "share of completions that ran into the limit",
  "clip/any": "share of tokens whose ratio was clipped",
  "clip/low": "share of tokens whose ratio was clipped from below",
  "clip/high": "share of tokens whose ratio was clipped from above",
  "clip_cov/share": "share of tokens that Clip-Cov took out of the update",
  "kl_cov/kl": "mean |log r| of the tokens that KL-Cov holds, in nats, before the update",
  "value/mean": "the critic’s mean value",
  "value/loss": "the critic’s loss",
  "value/grad_norm": "the critic’s gradient norm before clipping",
  "value/explained_variance": "how much of the returns the critic explains: 1 is all, 0 no more than one number would",
  "advantage/mean": "mean advantage over completion tokens, before whitening",
  "advantage/std": "standard deviation of the advantages, before whitening",
  loss: "the policy’s loss",
  grad_norm: "the gradient’s norm before clipping",
  lr: "learning rate",
  step_seconds: "seconds this step took",
  seconds: "seconds since the run began, over all attempts",
  tokens: "completion tokens so far, over all attempts",
};

const GROUPS: [prefix: string, title: string][] = [
  ["entropy", "Entropy"],
  ["psi", "Shaping"],
  ["reward", "Reward"],
  ["completion", "Completions"],
  ["clip", "Clipped ratios"],
  ["clip_cov", "Clip-Cov"],
  ["kl_cov", "KL-Cov"],
  ["value", "Critic"],
  ["advantage", "Advantages"],
  ["", "Training"],
];

export interface Group {
  title: string;
  names: string[];
}

/** In words; of a metric that only a newer trainer knows, nothing. */
export function meaningOf(name: string): string {
  return MEANINGS[name] ?? "";
}

/** Those that are known first, in their order; then whatever else has a prefix of its own. */
export function grouped(names: string[]): Group[] {
  const prefixes = Array.from(new Set([...GROUPS.map(([prefix]) => prefix), ...names.map(prefixOf)]));
  const titles = new Map(GROUPS);
  return prefixes
    .map((prefix) => ({ title: titles.get(prefix) ?? prefix, names: names.filter((name) => prefixOf(name) === prefix) }))
    .filter((group) => group.names.length > 0);
}

/** Those whose name or meaning has every word of the search. */
export function matching(names: string[], search: string): string[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return names.filter((name) => {
    const text = `${name} ${meaningOf(name)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function prefixOf(name: string): string {
  return name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
}

const FIRST = ["reward/mean", "completion/length", "grad_norm", "clip/any"];
const FIRST_UNSHAPED = ["entropy/mean", "reward/mean", "completion/length", "grad_norm"];

/** What is shown before anything was chosen; entropy is in the panel above where there is one. */
export function firstChoice(names: string[], shaped: boolean): string[] {
  const wanted = (shaped ? FIRST : FIRST_UNSHAPED).filter((name) => names.includes(name));
  return wanted.length > 0 ? wanted : names.slice(0, 4);
}
