import { memo, useLayoutEffect, useMemo, useRef } from "react";
import { Link } from "wouter";

import type { Rollout } from "../api/types";
import { measure as number, plural } from "../text/numbers";
import type { Side } from "./choice";
import { looksOf } from "./looks";
import type { Marked } from "./marks";
import { findAll } from "./text";
import { TokenText } from "./TokenText";
import { completionName, hundredths, mean, signed } from "./words";

/** Longer ones fold, and show so many of their tokens. */
export const LONG = 180;
const FOLDED = 140;

interface Props {
  rollout: Rollout & Marked;
  side: Side;
  /** Where it stands in its column. */
  place: number;
  kappa: number | null;
  /** Of the words that are marked. */
  categories: readonly string[];
  search: string;
  open: boolean;
  /** The one of its column that Tab reaches. */
  reached: boolean;
  /** The token that the arrow keys are at; undefined where they are elsewhere. */
  token: number | null | undefined;
  /** To this completion; a trace has none. */
  link: string | null;
}

/** One completion, its tokens shaded. The tab listens to keys and pointers for all of them. */
export const Completion = memo(function Completion({ rollout, side, place, kappa, categories, search, open, reached, token, link }: Props) {
  const { tokens } = rollout;
  const looks = useMemo(() => looksOf(rollout, kappa, categories), [rollout, kappa, categories]);
  const hits = useMemo(() => findAll(tokens.join(""), search), [tokens, search]);
  const long = tokens.length > LONG;
  const unfolded = open || !long || isBeyond(tokens, hits.at(-1)?.end ?? 0) || (token ?? 0) >= FOLDED;
  const text = useRef<HTMLDivElement>(null);

  // The token's mark is set here, not drawn: moving it renders none of the others.
  useLayoutEffect(() => {
    const marked = token == null ? null : text.current?.querySelector<HTMLElement>(`[data-t="${token}"]`);
    marked?.setAttribute("data-at", "");
    marked?.scrollIntoView?.({ block: "nearest" });
    return () => marked?.removeAttribute("data-at");
  }, [token, unfolded]);

  return (
    <li
      className={`completion ${rollout.correct ? "is-correct" : "is-wrong"}`}
      data-side={side}
      data-place={place}
      tabIndex={reached ? 0 : -1}
      aria-label={completionName(rollout)}
      aria-current={token !== undefined || undefined}
    >
      <p className="completion-head">
        {link === null ? (
          <span>#{rollout.index}</span>
        ) : (
          <Link href={link} aria-label={`#${rollout.index}, link to ${completionName(rollout)}`} title="Link to this completion" tabIndex={-1}>
            #{rollout.index}
          </Link>
        )}
        <b>{rollout.correct ? "✓ correct" : "✗ wrong"}</b>
        <span>{plural(tokens.length, "token")}</span>
        <span title="Mean entropy, nats">H {number(hundredths(mean(rollout.entropies)))}</span>
        {rollout.advantages.length > 0 && <span title="Mean advantage, before shaping">A {signed(hundredths(mean(rollout.advantages)))}</span>}
      </p>
      <div ref={text} className="tokens">
        {tokens.length === 0 && <span className="muted">it says nothing</span>}
        <TokenText tokens={tokens} looks={looks} hits={hits} until={unfolded ? tokens.length : FOLDED} />
      </div>
      {long && (
        <button type="button" className="button quiet" data-fold tabIndex={-1} aria-expanded={unfolded}>
          {unfolded ? "Fold" : `Show the other ${tokens.length - FOLDED} tokens`}
        </button>
      )}
    </li>
  );
});

/** Whether that character lies in what is folded away. */
function isBeyond(tokens: readonly string[], end: number): boolean {
  return end > tokens.slice(0, FOLDED).join("").length;
}
