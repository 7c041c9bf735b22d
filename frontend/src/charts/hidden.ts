import { useState } from "react";

/** Which arms the reader has hidden in a legend. */
export function useHidden(): [Set<string>, (arm: string) => void] {
  const [hidden, setHidden] = useState<Set<string>>(new Set());
  function toggle(arm: string) {
    const next = new Set(hidden);
    if (!next.delete(arm)) next.add(arm);
    setHidden(next);
  }
  return [hidden, toggle];
}
