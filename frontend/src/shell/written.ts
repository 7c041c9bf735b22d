import { useState } from "react";

/**
 * The text of a field that is being written in, until what it shows changes by other hands. Where several
 * fields show one thing, `of` is that thing.
 */
export function useWritten(shown: string, of = shown): [text: string, write: (text: string) => void] {
  const [written, setWritten] = useState({ of, text: shown });
  if (written.of !== of) setWritten({ of, text: shown });
  return [written.text, (text) => setWritten({ of, text })];
}
