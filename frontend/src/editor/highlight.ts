/** Colours for YAML, line by line: enough for what a sweep contains. */

export type Token = { kind: "key" | "number" | "comment" | "plain"; text: string };

const TOKENS =
  /(?<comment>(?:^|(?<=\s))#.*$)|(?<key>[A-Za-z_][\w.]*(?=\s*:(?:\s|$)))|(?<quoted>"(?:[^"\\]|\\.)*"|'[^']*')|(?<number>(?<![\w.=/-])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.=/]))/g;

export function tokens(line: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(TOKENS)) {
    if (match.index > end) found.push({ kind: "plain", text: line.slice(end, match.index) });
    const { comment, key, number } = match.groups ?? {};
    found.push({ kind: comment ? "comment" : key ? "key" : number ? "number" : "plain", text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) found.push({ kind: "plain", text: line.slice(end) });
  return found;
}
