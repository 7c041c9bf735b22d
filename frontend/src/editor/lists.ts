/**
 * The lists of a sweep, as chips show them: what is written, and editing it where it stands.
 *
 * A value is kept as its writer wrote it: `3.0e-4` stays `3.0e-4`.
 */

import { isScalar, isSeq, parseDocument, type Document, type Scalar, type YAMLSeq } from "yaml";

import type { Path } from "./document";
import { scalarText, writeField, type Value } from "./fields";

export interface ShownList {
  items: string[];
  /** Whether there is nothing but plain values: anything else is left to the YAML. */
  editable: boolean;
}

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
const PLAIN = /^[-+.\w]+$/; // means the same within brackets, without quotes
const WRITABLE = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;
const SEPARATORS = /[\s,;]+/;

export function readList(doc: Document, path: Path): ShownList {
  const node = doc.getIn(path, true);
  if (node === undefined || (isScalar(node) && node.value === null)) return { items: [], editable: true };
  if (isScalar(node)) return { items: [scalarText(node)], editable: true };
  if (!isSeq(node) || !node.items.every((item) => isScalar(item))) return { items: [], editable: false };
  const items = node.items.map((item) => scalarText(item as Scalar));
  return { items, editable: items.every((item) => PLAIN.test(item)) };
}

/** Text into numbers as they may be written, and the words that are none. */
export function readNumbers(text: string): { items: string[]; wrong: string[] } {
  const words = text.split(SEPARATORS).filter(Boolean);
  const wrong = words.filter((word) => !NUMBER.test(word));
  return { items: words.filter((word) => NUMBER.test(word)).map(written), wrong };
}

function written(word: string): string {
  return WRITABLE.test(word) ? word : String(Number(word));
}

/** Replaces a list by plain values: on its line if it stands on one, else item by item. */
export function writeList(text: string, path: Path, items: string[]): string {
  const doc = parseDocument(text);
  const node = doc.getIn(path, true);
  if (isSeq(node) && !node.flow && node.range) return writeLines(text, node, items) ?? rewritten(text, path, items);
  if ((isSeq(node) || isScalar(node)) && node.range && node.range[1] > node.range[0]) {
    const [start, end] = node.range;
    if (!text.slice(start, end).includes("#")) return text.slice(0, start) + inBrackets(items) + text.slice(end);
  }
  return rewritten(text, path, items);
}

function inBrackets(items: string[]): string {
  return `[${items.join(", ")}]`;
}

/** Where nothing stands yet, or where it stands in a way that is not edited in part. */
function rewritten(text: string, path: Path, items: string[]): string {
  const placed = writeField(text, path, items.map(Number) as Value);
  const node = parseDocument(placed).getIn(path, true);
  if (!isSeq(node) || !node.range) return placed;
  return placed.slice(0, node.range[0]) + inBrackets(items) + placed.slice(node.range[1]);
}

/** A list with an item a line: lines of gone items are cut, new ones come after the last. */
function writeLines(text: string, list: YAMLSeq, items: string[]): string | null {
  const old = list.items.map((item) => scalarText(item as Scalar));
  const kept = old.filter((item) => items.includes(item));
  const added = items.slice(kept.length);
  const inOrder = kept.length > 0 && kept.every((item, index) => item === items[index]);
  if (!inOrder) return null;
  const lines = list.items.map((item) => lineAround(text, (item as Scalar).range?.[0] ?? 0));
  const last = lines.at(-1);
  if (!last) return null;
  const dash = text.slice(last.start, last.end).match(/^\s*-\s+/)?.[0] ?? "- ";
  const newLines = added.map((item) => `${dash}${item}\n`).join("");
  const end = text[last.end - 1] === "\n" ? newLines : newLines && `\n${newLines}`.trimEnd();
  const cuts = lines.filter((_, index) => !items.includes(old[index] ?? ""));
  return without(text.slice(0, last.end), cuts) + end + text.slice(last.end);
}

interface Stretch {
  start: number;
  end: number;
}

function lineAround(text: string, at: number): Stretch {
  const end = text.indexOf("\n", at);
  return { start: text.lastIndexOf("\n", at - 1) + 1, end: end < 0 ? text.length : end + 1 };
}

function without(text: string, cuts: Stretch[]): string {
  return cuts.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}
