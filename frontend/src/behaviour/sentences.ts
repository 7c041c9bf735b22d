/** Rare sentences: those that say something, and rows for a file. */

import type { RareSentence } from "../api/types";
import type { Cell } from "../text/csv";

/** Those that contain it in any case, themselves or in their neighbours. */
export function sentencesSaying(sentences: RareSentence[], search: string): RareSentence[] {
  const wanted = search.trim().toLowerCase();
  if (!wanted) return sentences;
  return sentences.filter(({ text, nearest }) => [text, ...nearest.map((one) => one.text)].some((words) => words.toLowerCase().includes(wanted)));
}

export function sentenceRows(sentences: RareSentence[], by: string): Cell[][] {
  const most = Math.max(0, ...sentences.map(({ nearest }) => nearest.length));
  const places = Array.from({ length: most }, (_, at) => at);
  const head = ["written_by", "problem", "trace", "distance", "entropy", "sentence", ...places.flatMap((at) => [`nearest_${at + 1}`, `nearest_${at + 1}_distance`])];
  const rows = sentences.map(({ problem, trace, distance, entropy, text, nearest }): Cell[] => [
    by,
    problem,
    trace,
    distance,
    entropy,
    text,
    ...places.flatMap((at) => [nearest[at]?.text ?? null, nearest[at]?.distance ?? null]),
  ]);
  return [head, ...rows];
}
