import { useSyncExternalStore } from "react";

/** Below this width lists are cards: styles/listcards.css says the same. */
export const NARROW = "(max-width: 48rem)";

/** Whether the window is so, now and as it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}
