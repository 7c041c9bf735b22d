import { memo, useMemo } from "react";

import { Revealed } from "./Revealed";
import { cut, type Piece, type Span } from "./text";

interface Props {
  tokens: readonly string[];
  /** The classes of each token. */
  looks: readonly string[];
  /** Stretches of the text that are searched for. */
  hits: readonly Span[];
  /** So many tokens are shown. */
  until: number;
}

/**
 * A completion as one span for each token, numbered by data-t. Of thousands none has a handler of
 * its own: whoever holds the text listens for all of them.
 */
export const TokenText = memo(function TokenText({ tokens, looks, hits, until }: Props) {
  const pieces = useMemo(() => cut(tokens, hits), [tokens, hits]);
  return (
    <>
      {pieces.slice(0, until).map((token, at) => (
        <span key={at} data-t={at} className={looks[at]}>
          {token.map(written)}
        </span>
      ))}
    </>
  );
});

function written({ text, hit }: Piece, at: number) {
  const shown = <Revealed key={at} text={text} />;
  return hit ? <mark key={at}>{shown}</mark> : shown;
}
