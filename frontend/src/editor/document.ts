/** A sweep's YAML: parsed once, with the line of everything in it. */

import { Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Node } from "yaml";

import type { FieldError, SweepSpec } from "../api/types";

export type Path = (string | number)[];

export interface LineProblem {
  /** The field as the API names it, or null when the text is not YAML. */
  field: string | null;
  message: string;
  /** The name of the arm that it is in. */
  arm?: string | null | undefined;
  /** 1-based; null when the text has no such place. */
  line: number | null;
}

export interface SweepText {
  doc: Document.Parsed;
  lines: LineCounter;
  /** The decoded text for the API to judge; null when it is not YAML. */
  spec: SweepSpec | null;
  problems: LineProblem[];
  /** Whether it can be read, whatever it says; if not, the API knows what is wrong. */
  isYaml: boolean;
}

export function parseSweep(text: string): SweepText {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const isYaml = doc.errors.length === 0;
  // One mistake leaves the reader with many: the first is nearest to it.
  const problems = doc.errors.slice(0, 1).map((error): LineProblem => ({
    field: null,
    message: "The YAML cannot be read from here on.",
    line: lines.linePos(error.pos[0]).line,
  }));
  if (problems.length === 0 && !isMap(doc.contents)) {
    problems.push({ field: null, message: "A sweep is a mapping of fields: start with `name: ...`.", line: 1 });
  }
  // The API validates the decoded text; until it has answered this is only taken to be a sweep.
  const spec = problems.length === 0 ? (doc.toJS() as SweepSpec) : null;
  return { doc, lines, spec, problems, isYaml };
}

/** "arms[3].kappa[0]" -> ["arms", 3, "kappa", 0] */
export function fieldPath(field: string): Path {
  return Array.from(field.matchAll(/\[(\d+)\]|([^.[\]]+)/g), ([, index, key]) =>
    index !== undefined ? Number(index) : (key ?? ""),
  );
}

/** The line of a field, or of the nearest thing around it that is written in the text. */
export function lineOf(text: SweepText, field: string): number | null {
  let node: unknown = text.doc.contents;
  let at = isNode(node) ? startOf(node) : null;
  for (const step of fieldPath(field)) {
    const next = childOf(node, step);
    if (next === null) break;
    at = next.at ?? at;
    node = next.node;
  }
  return at === null ? null : text.lines.linePos(at).line;
}

function startOf(node: Node | null): number | null {
  return node?.range?.[0] ?? null;
}

function childOf(parent: unknown, step: string | number): { node: unknown; at: number | null } | null {
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === step);
    if (!pair || !isPair(pair)) return null;
    return { node: pair.value, at: isNode(pair.key) ? startOf(pair.key) : null };
  }
  if (isSeq(parent) && typeof step === "number") {
    const item = parent.items[step];
    return isNode(item) ? { node: item, at: startOf(item) } : null;
  }
  return null;
}

export function locate(text: SweepText, errors: FieldError[]): LineProblem[] {
  return errors.map(({ field, message, arm }) => {
    const [, line] = PLACE.exec(field) ?? [];
    return line === undefined ? { field, message, arm, line: lineOf(text, field) } : { field: null, message, line: Number(line) };
  });
}

/** How the API names a place of a text that it cannot read. */
const PLACE = /^line (\d+), column \d+$/;

export function print(doc: Document): string {
  return doc.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** A stored sweep as YAML to start from: empty settings left out, short things on one line. */
export function writeSpec(spec: object): string {
  const doc = new Document(pruned(spec));
  visit(doc, {
    Seq: (_, node) => {
      node.flow = node.items.every((item) => isScalar(item));
    },
    Map: (_, node) => {
      node.flow = node.items.length <= 5 && node.items.every((pair) => isScalar(pair.value) || isSeq(pair.value));
    },
  });
  return print(doc);
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, pruned(item)] as const)
    .filter(([, item]) => !isEmpty(item))
    .sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(kept);
}

/** What is written first; the database keeps no order. */
const ORDER = ["name", "question", "method", "model", "model_settings", "task", "task_settings", "steps", "learning_rate", "train", "problems", "samples", "eval", "seeds", "baseline", "arms"];

function rank(key: string): number {
  const at = ORDER.indexOf(key);
  return at < 0 ? ORDER.length : at;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
