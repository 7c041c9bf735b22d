/** What tokens are marked with: words that a list has, by category, and sentences of two kinds. */

import type { Rollout } from "../api/types";

export const MARKS = ["words", "sentences"] as const;
export type Mark = (typeof MARKS)[number];

/** A completion, of which rare sentences may be known where the untrained model was looked at too. */
export type Marked = Pick<Rollout, "tokens" | "words" | "reflective"> & { rare?: [first: number, last: number][] };

/** More categories than this share their looks. */
const LOOKS = 6;

export function wordClass(category: string, categories: readonly string[]): string {
  return `w w${(categories.indexOf(category) % LOOKS) + 1}`;
}

/** The classes of each token by what it is part of. */
export function markClasses({ tokens, words, reflective, rare = [] }: Marked, categories: readonly string[]): string[] {
  const classes = tokens.map((): string[] => []);
  for (const [first, last, category] of words) stretch(classes, first, last, () => wordClass(category, categories));
  for (const [first, last] of reflective) stretch(classes, first, last, (at) => (at === first ? "refl refl-first" : "refl"));
  for (const [first, last] of rare) stretch(classes, first, last, (at) => (at === first ? "rare rare-first" : "rare"));
  return classes.map((own) => own.join(" "));
}

function stretch(classes: string[][], first: number, last: number, name: (at: number) => string): void {
  for (let at = first; at <= last; at += 1) classes[at]?.push(name(at));
}

/** "causal word, in a reflective sentence", or nothing. */
export function markWords({ words, reflective, rare = [] }: Marked, at: number): string | null {
  const holds = ([first, last]: readonly [number, number, ...unknown[]]) => first <= at && at <= last;
  const word = words.find(holds);
  const kinds = [reflective.some(holds) && "reflective", rare.some(holds) && "rare"].filter(Boolean).join(" and ");
  const said = [word && (word[0] === at ? `${word[2]} word` : `${word[2]} word, not its first token`), kinds && `in a ${kinds} sentence`].filter(Boolean);
  return said.length > 0 ? said.join(", ") : null;
}

/** From the address: both, unless it says which. */
export function readMarks(text: string | null): ReadonlySet<Mark> {
  return new Set(MARKS.filter((name) => text === null || text === name));
}

/** Null: both, which the address need not say. */
export function writeMarks(marks: ReadonlySet<Mark>): string | null {
  if (marks.size === MARKS.length) return null;
  return MARKS.find((name) => marks.has(name)) ?? "none";
}
