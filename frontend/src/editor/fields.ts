/**
 * The form's view of a sweep's YAML.
 *
 * The text is the only state. A field reads its place in the parsed text, and writing a field edits
 * that place alone, so comments and everything the form does not know survive.
 */

import { isMap, isScalar, isSeq, parseDocument, stringify, type Document, type Scalar } from "yaml";

import { print, type Path } from "./document";

export type Value = string | number | number[];

/** What a field shows: its text as written, or that only the YAML can hold what is there. */
export type Shown = { text: string; editable: true } | { text: string; editable: false };

export function readField(doc: Document, path: Path): Shown {
  const node = doc.getIn(path, true);
  if (node === undefined) return { text: "", editable: doc.contents === null || isReachable(doc, path) };
  if (isScalar(node)) return { text: scalarText(node), editable: true };
  if (isSeq(node) && node.items.every(isScalar)) {
    return { text: node.items.map((item) => scalarText(item as Scalar)).join(", "), editable: true };
  }
  return { text: "", editable: false };
}

/** Whether a missing field can be added: what would hold it is a mapping, or is missing as well. */
function isReachable(doc: Document, path: Path): boolean {
  const holder = doc.getIn(path.slice(0, -1), true);
  return holder === undefined || isMap(holder);
}

export function scalarText(node: Scalar): string {
  if (node.value === null) return "";
  return typeof node.value === "number" && node.source ? node.source : String(node.value);
}

/** Replaces the value where it stands, so that everything else keeps its very characters. */
export function writeField(text: string, path: Path, value: Value): string {
  const doc = parseDocument(text);
  const old = doc.getIn(path, true);
  const onOneLine = isScalar(old) || (isSeq(old) && old.flow);
  if (onOneLine && old.range && old.range[1] > old.range[0]) {
    return text.slice(0, old.range[0]) + inline(value) + text.slice(old.range[1]);
  }
  doc.setIn(path, newNode(doc, value));
  return print(doc);
}

/** The value as it may stand anywhere, also within brackets. */
function inline(value: Value): string {
  const list = stringify([value], { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 });
  return list.trim().slice(1, -1);
}

export function newNode(doc: Document, value: Value) {
  return doc.createNode(value, { flow: Array.isArray(value) });
}

export type Parsed = { value: Value } | { mistake: string };

export function parseText(text: string): Parsed {
  return text.trim() === "" ? { mistake: "Write something here." } : { value: text };
}

export function parseNumber(text: string): Parsed {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? { mistake: "Write a number." } : { value };
}

export function parseNumbers(text: string): Parsed {
  const values = text.split(/[\s,]+/).filter(Boolean).map(Number);
  if (values.length === 0) return { mistake: "Write at least one number." };
  return values.every(Number.isFinite) ? { value: values } : { mistake: "Write numbers with commas between them." };
}

/** Nothing written means none, or those that are proposed. */
export function parseSeeds(text: string): Parsed {
  return text.trim() === "" ? { value: [] } : parseNumbers(text);
}
