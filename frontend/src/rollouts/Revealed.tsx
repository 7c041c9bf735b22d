import type { ReactNode } from "react";

import { reveal } from "./text";

/** Text of a model or a data set: characters without a look of their own are made visible. */
export function Revealed({ text }: { text: string }): ReactNode {
  const seen = reveal(text);
  if (seen.length === 1 && !seen[0]?.mark) return text;
  return seen.map((part, at) =>
    part.mark ? (
      <i key={at} className={part.mark}>
        {part.text}
      </i>
    ) : (
      part.text
    ),
  );
}
