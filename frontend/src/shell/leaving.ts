/** Leaving a page that holds something unsent: whoever guards it asks first. */

import { useEffect, useState } from "react";
import type { AroundNavHandler } from "wouter";

type Go = () => void;

let guard: ((go: Go) => void) | null = null;

/** Every change of place within the page comes through here. */
export const goAround: AroundNavHandler = (navigate, to, options) => {
  const go = () => navigate(to, options);
  if (guard === null) go();
  else guard(go);
};

interface Leaving {
  /** Whether somebody wants to leave and has to be asked. */
  asked: boolean;
  stay: () => void;
  /** Leaves for where was wanted. */
  leave: () => void;
}

/** While `unsent`, links ask first, and so does the browser before it closes or loads anew. */
export function useLeaving(unsent: boolean): Leaving {
  const [wanted, setWanted] = useState<{ go: Go } | null>(null);

  useEffect(() => {
    if (!unsent) return;
    const refuse = (event: BeforeUnloadEvent) => event.preventDefault();
    guard = (go) => setWanted({ go });
    window.addEventListener("beforeunload", refuse);
    return () => {
      guard = null;
      window.removeEventListener("beforeunload", refuse);
    };
  }, [unsent]);

  return {
    asked: wanted !== null,
    stay: () => setWanted(null),
    leave: () => {
      guard = null;
      wanted?.go();
    },
  };
}

/** Goes on without asking, for whoever has just sent it. */
export function releaseGuard(): void {
  guard = null;
}
