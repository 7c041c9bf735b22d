import { useEffect, useState } from "react";

const DEBOUNCE_MS = 400;

/** What is being typed or dragged, once it has stood still for a moment. */
export function useSettled<T extends string | number>(value: T, ms = DEBOUNCE_MS): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), ms);
    return () => window.clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
