/** Keys and clicks of who reads completions beside one another: from one to the next, and along their tokens. */

import { useEffect, useEffectEvent, useRef, useState, type MouseEvent } from "react";

import { moved, orderOf, placeOf, useHands, type Cursor, type Walk } from "./cursor";
import type { Shown } from "./exports";

interface Ways {
  shown: Shown;
  /** To another step or problem. */
  go: (move: "step" | "problem", by: 1 | -1) => void;
  /** Folds or unfolds a long one. */
  fold: (cursor: Cursor | null) => void;
}

export function useReading({ shown, go, fold }: Ways) {
  const box = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const hands = useHands(box);

  function walk(order: Walk) {
    const { cursor, setCursor, step } = hands;
    if (order.move === "completion") return step(order.by);
    if (order.move !== "token") return go(order.move, order.by);
    const tokens = cursor && shown[cursor.side]?.rollouts[cursor.place]?.tokens;
    if (tokens) setCursor({ ...cursor, token: moved(cursor.token, order.by, tokens.length) });
  }

  const press = useEffectEvent((event: KeyboardEvent) => {
    const order = orderOf(event);
    if (!order) return;
    event.preventDefault();
    if (order === "search") search.current?.focus();
    else if (order === "fold") fold(hands.cursor);
    else walk(order);
  });

  // Wherever the focus is: on a page just opened it is nowhere.
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  function click(event: MouseEvent) {
    hands.listeners.onClick(event);
    if (event.target instanceof Element && event.target.closest("[data-fold]")) fold(placeOf(event.target));
  }

  return { box, search, hands, listeners: { ...hands.listeners, onClick: click } };
}

/** Names that are not as the others, and a change of one of them. */
export function useToggles(): [ReadonlySet<string>, (name: string | null | undefined) => void] {
  const [names, setNames] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string | null | undefined) =>
    setNames((now) => {
      const next = new Set(now);
      if (name != null && !next.delete(name)) next.add(name);
      return next;
    });
  return [names, toggle];
}
