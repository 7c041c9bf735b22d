/** A sweep that is being written, kept in this tab's session storage until it is submitted. */

import { useEffect, useState } from "react";

const PREFIX = "forkpoint-draft:";

interface Draft {
  text: string;
  change: (text: string) => void;
  /** Whether it was begun before this page was opened. */
  resumed: boolean;
  /** Forgets the draft and begins anew. */
  restart: () => void;
  forget: () => void;
}

/** `origin` says what it was begun from, and `start` is the text of that. */
export function useDraft(origin: string, start: string): Draft {
  const key = PREFIX + origin;
  const [kept] = useState(() => window.sessionStorage.getItem(key));
  const [text, change] = useState(kept ?? start);
  const [resumed, setResumed] = useState(kept !== null && kept !== start);

  useEffect(() => {
    if (text === start) window.sessionStorage.removeItem(key);
    else window.sessionStorage.setItem(key, text);
  }, [key, text, start]);

  function restart() {
    change(start);
    setResumed(false);
  }

  return { text, change, resumed, restart, forget: () => window.sessionStorage.removeItem(key) };
}

/** Whoever signs in next has not written them. */
export function forgetDrafts(): void {
  Object.keys(window.sessionStorage)
    .filter((key) => key.startsWith(PREFIX))
    .forEach((key) => window.sessionStorage.removeItem(key));
}
