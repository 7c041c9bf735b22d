/** A page that is come to begins at its top, for the eye as for the keyboard. */

import { useEffect, useRef } from "react";
import { useLocation } from "wouter";

/** Where the browser's history led last: there the browser knows the place. */
let wentBackTo: string | null = null;
window.addEventListener("popstate", () => {
  wentBackTo = window.location.pathname;
});

export function useArrival(): void {
  const [path] = useLocation();
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    document.getElementById("main")?.focus({ preventScroll: true });
    if (wentBackTo !== path) window.scrollTo(0, 0);
    wentBackTo = null;
  }, [path]);
}
