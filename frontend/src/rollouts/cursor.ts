/** Where the keys are: a completion of a column, and a token of it. The focus says which. */

import { useEffect, useLayoutEffect, useRef, useState, type FocusEvent, type MouseEvent, type RefObject } from "react";

import { SIDES, type Side } from "./choice";

export interface Cursor {
  side: Side;
  /** Where the completion stands in its column. */
  place: number;
  token: number | null;
}

/** What a key asks for; one that means nothing here is left to the browser. */
export type Order = Walk | "search" | "fold";

export type Walk = { move: "completion" | "step" | "problem"; by: 1 | -1 } | { move: "token"; by: number };

const EVERYWHERE: Record<string, Order> = {
  j: { move: "completion", by: 1 },
  k: { move: "completion", by: -1 },
  "]": { move: "step", by: 1 },
  "[": { move: "step", by: -1 },
  n: { move: "problem", by: 1 },
  p: { move: "problem", by: -1 },
  "/": "search",
};

const IN_A_COMPLETION: Record<string, Order> = {
  ArrowDown: { move: "completion", by: 1 },
  ArrowUp: { move: "completion", by: -1 },
  ArrowRight: { move: "token", by: 1 },
  ArrowLeft: { move: "token", by: -1 },
  Home: { move: "token", by: -Infinity },
  End: { move: "token", by: Infinity },
  Enter: "fold",
};

/** What has a use of its own for letters. */
const TAKES_KEYS = "input, select, textarea, [contenteditable], [role=menu]";

export function orderOf(event: KeyboardEvent): Order | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target as HTMLElement;
  if (target.closest(TAKES_KEYS) || document.querySelector("dialog[open]")) return undefined;
  return EVERYWHERE[event.key] ?? (target.matches("[data-place]") ? IN_A_COMPLETION[event.key] : undefined);
}

/** Which completion, and which of its tokens, an event of the page came from. */
export function placeOf(target: EventTarget | null): Cursor | null {
  if (!(target instanceof Element)) return null;
  const completion = target.closest<HTMLElement>("[data-place]");
  const side = SIDES.find((name) => name === completion?.dataset.side);
  if (!completion || !side) return null;
  const token = target.closest<HTMLElement>("[data-t]")?.dataset.t;
  return { side, place: Number(completion.dataset.place), token: token === undefined ? null : Number(token) };
}

/** The next token; from nowhere, the first or the last. */
export function moved(token: number | null, by: number, count: number): number | null {
  if (count === 0) return null;
  const from = token ?? (by > 0 ? -1 : count);
  return Math.max(0, Math.min(count - 1, from + by));
}

export interface Hands {
  cursor: Cursor | null;
  setCursor: (cursor: Cursor) => void;
  /** To the next completion of the column, or the one before. */
  step: (by: 1 | -1) => void;
  listeners: {
    onFocus: (event: FocusEvent) => void;
    onBlur: (event: FocusEvent) => void;
    onClick: (event: MouseEvent) => void;
  };
}

/** Follows the focus inside the box. */
export function useHands(box: RefObject<HTMLElement | null>): Hands {
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const inside = useRef(false);

  // A completion that had the focus may be gone; the keys shall not be lost with it.
  useLayoutEffect(() => {
    if (inside.current && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  });

  /** Coming to the completion where it is already, it stays at its token. */
  function goTo(place: Cursor | null) {
    if (place) setCursor((now) => (now?.side === place.side && now.place === place.place && place.token === null ? now : place));
  }

  function step(by: 1 | -1) {
    const column = box.current?.querySelectorAll<HTMLElement>(`[data-side="${cursor?.side ?? "left"}"]`);
    const place = cursor ? cursor.place + by : 0;
    column?.[Math.max(0, Math.min(column.length - 1, place))]?.focus();
  }

  return {
    cursor,
    setCursor,
    step,
    listeners: {
      onFocus: (event) => {
        inside.current = true;
        goTo(placeOf(event.target));
      },
      onBlur: (event) => {
        if (event.relatedTarget) inside.current = event.currentTarget.contains(event.relatedTarget);
      },
      onClick: (event) => goTo(placeOf(event.target)),
    },
  };
}

/** The token under the pointer. A finger points at nothing: it taps. */
export function useHovered(box: RefObject<HTMLElement | null>): Cursor | null {
  const [hovered, setHovered] = useState<Cursor | null>(null);
  useEffect(() => {
    const element = box.current;
    const over = ({ target, pointerType }: PointerEvent) => {
      const place = pointerType === "touch" ? null : placeOf(target);
      setHovered(place?.token == null ? null : place);
    };
    const leave = () => setHovered(null);
    element?.addEventListener("pointerover", over);
    element?.addEventListener("pointerleave", leave);
    return () => {
      element?.removeEventListener("pointerover", over);
      element?.removeEventListener("pointerleave", leave);
    };
  }, [box]);
  return hovered;
}
