/** The arms of a sweep's YAML: which there are, what each sets, adding and removing one. */

import { isMap, isSeq, Pair, parseDocument, YAMLMap, YAMLSeq, type Document } from "yaml";

import { print } from "./document";
import { newNode } from "./fields";

/** A parameter of a method that may have several values. */
interface Parameter {
  name: string;
  label: string;
  whole?: boolean;
  /** What it is where nothing is written. */
  otherwise?: string;
  /** What a new arm begins with. */
  start: number[];
}

export interface ArmMethod {
  id: string;
  label: string;
  meaning: string;
  /** The name of a new arm. */
  name: string;
  parameters: Parameter[];
}

export const ARM_METHODS: ArmMethod[] = [
  { id: "base", label: "Base model", meaning: "evaluated, not trained", name: "base", parameters: [] },
  { id: "grpo", label: "GRPO", meaning: "no entropy term", name: "grpo", parameters: [] },
  { id: "entropy_bonus", label: "Entropy bonus", meaning: "plain entropy regularisation", name: "entropy-bonus", parameters: [{ name: "beta", label: "beta β", start: [0.001] }] },
  {
    id: "entropy_shaped",
    label: "Entropy-shaped",
    meaning: "A + min(α·H, |A|/κ)",
    name: "shaped",
    parameters: [
      { name: "alpha", label: "alpha α", start: [0.4] },
      { name: "kappa", label: "kappa κ", otherwise: "2", start: [2] },
    ],
  },
  { id: "ppo", label: "PPO", meaning: "advantages from a critic", name: "ppo", parameters: [] },
  { id: "adaptive_entropy", label: "Adaptive entropy", meaning: "the bonus moves to hold entropy at a target", name: "adaptive", parameters: [{ name: "target", label: "target, nats", otherwise: "0.2", start: [0.2] }] },
  { id: "forking_tokens", label: "Forking tokens", meaning: "updates the tokens of highest entropy alone", name: "forking", parameters: [{ name: "rho", label: "rho ρ", otherwise: "0.2", start: [0.2] }] },
  { id: "clip_cov", label: "Clip-Cov", meaning: "tokens of high covariance are not updated", name: "clip-cov", parameters: [{ name: "ratio", label: "share of tokens", otherwise: "0.0002", start: [0.0002] }] },
  {
    id: "kl_cov",
    label: "KL-Cov",
    meaning: "tokens of high covariance are held to the rollout",
    name: "kl-cov",
    parameters: [
      { name: "share", label: "share of tokens", otherwise: "0.002", start: [0.002] },
      { name: "coef", label: "coefficient of the KL", otherwise: "1", start: [1] },
    ],
  },
  { id: "pass_at_k", label: "Pass@k training", meaning: "rewarded when one of k is correct", name: "pass-at-k", parameters: [{ name: "k", label: "k", whole: true, start: [4] }] },
];

export interface WrittenArm {
  index: number;
  name: string;
  /** None that the form knows: then the YAML alone can change it. */
  method: ArmMethod | undefined;
  /** Training settings of its own. */
  train: string[];
  /** What else it sets, which the form does not show. */
  others: string[];
}

export function readArms(doc: Document): WrittenArm[] {
  return (armsOf(doc)?.items ?? []).map((item, index) => {
    if (!isMap(item)) return { index, name: "", method: undefined, train: [], others: [] };
    const method = ARM_METHODS.find(({ id }) => id === item.get("method"));
    const train = item.get("train", true);
    const shown = ["name", "method", "train", ...(method?.parameters.map(({ name }) => name) ?? [])];
    return {
      index,
      name: String(item.get("name") ?? ""),
      method,
      train: isMap(train) ? keysOf(train) : [],
      others: keysOf(item).filter((key) => !shown.includes(key)),
    };
  });
}

function keysOf(map: YAMLMap): string[] {
  return map.items.map(({ key }) => String(key));
}

function armsOf(doc: Document): YAMLSeq | null {
  const arms = doc.get("arms", true);
  return isSeq(arms) ? arms : null;
}

export function addArm(text: string, { id, name, parameters }: ArmMethod): string {
  const doc = parseDocument(text);
  const arm = new YAMLMap();
  arm.flow = true;
  const starts = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.start]));
  for (const [key, value] of Object.entries({ name: freeName(doc, name), method: id, ...starts })) {
    arm.items.push(new Pair(doc.createNode(key), newNode(doc, value)));
  }
  const arms = armsOf(doc);
  if (arms) arms.items.push(arm);
  else doc.set("arms", Object.assign(new YAMLSeq(), { items: [arm] }));
  return print(doc);
}

/** "shaped", or "shaped-2" where that is taken. */
function freeName(doc: Document, name: string): string {
  const taken = new Set(readArms(doc).map((arm) => arm.name));
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  return free;
}

export function removeArm(text: string, index: number): string {
  const doc = parseDocument(text);
  doc.deleteIn(["arms", index]);
  return print(doc);
}

/** Takes one setting out; a section that is empty then goes with it. */
export function removeSetting(text: string, path: (string | number)[]): string {
  const doc = parseDocument(text);
  doc.deleteIn(path);
  const section = doc.getIn(path.slice(0, -1), true);
  if (isMap(section) && section.items.length === 0) doc.deleteIn(path.slice(0, -1));
  return print(doc);
}
