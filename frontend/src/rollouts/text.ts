/** What a completion says, made visible: nothing in it may hide, break out or turn the text around. */

export interface Span {
  begin: number;
  /** The first character behind it. */
  end: number;
}

/** Every place where the text says it, in any case. Characters are counted as strings count them. */
export function findAll(text: string, said: string): Span[] {
  const found: Span[] = [];
  const [plain, wanted] = [text.toLowerCase(), said.toLowerCase()];
  // Some capitals grow as they are made small, and then no place would be right.
  if (wanted === "" || plain.length !== text.length) return found;
  for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
    found.push({ begin: at, end: at + wanted.length });
  }
  return found;
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** Each token in pieces, those inside a span marked. Spans are in order and apart. */
export function cut(tokens: readonly string[], spans: readonly Span[]): Piece[][] {
  let next = 0;
  let start = 0;
  return tokens.map((token) => {
    const end = start + token.length;
    const pieces: Piece[] = [];
    let at = start;
    const take = (to: number, hit: boolean) => {
      if (to > at) pieces.push({ text: token.slice(at - start, to - start), hit });
      at = Math.max(at, to);
    };
    for (let span = spans[next]; span && span.begin < end; span = spans[next]) {
      take(span.begin, false);
      take(Math.min(span.end, end), true);
      if (span.end > end) break;
      next += 1;
    }
    take(end, false);
    start = end;
    return pieces;
  });
}

export type Mark = "newline" | "tab" | "control";

/** A stretch of plain text, or one character that would not be seen, with its name. */
export interface Seen {
  text: string;
  mark: Mark | null;
}

/* Joiners stay: letters of many scripts and some emoji need them. */
const HIDDEN = /(?![ \u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}]/gu;

/** The text with every character that has no look of its own by itself. */
export function reveal(text: string): Seen[] {
  const found: Seen[] = [];
  let at = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index), mark: null });
    found.push(nameOf(match[0]));
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at), mark: null });
  return found;
}

function nameOf(character: string): Seen {
  if (character === "\n") return { text: character, mark: "newline" };
  if (character === "\t") return { text: character, mark: "tab" };
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return { text: String.fromCodePoint(0x2400 + code), mark: "control" };
  if (code === 0x7f) return { text: "\u2421", mark: "control" };
  return { text: `U+${code.toString(16).toUpperCase().padStart(4, "0")}`, mark: "control" };
}

/** Whether a token is one of the tokenizer's own, such as <|im_end|> or <eos>, by how it is written. */
export function isSpecial(token: string): boolean {
  return /^\s*(<\|[^|<>\s]+\|>|<\/?[a-z_]+[0-9]*>|\[[A-Z]+\])\s*$/.test(token);
}

/** A token as it is named in a sentence: its spaces and lines to be seen. */
export function quote(token: string): string {
  if (token === "") return "part of the next character";
  const shown = reveal(token).map(({ text, mark }) => (mark === "newline" ? "\\n" : mark === "tab" ? "\\t" : text));
  return shown.join("").replaceAll(" ", "␣");
}
