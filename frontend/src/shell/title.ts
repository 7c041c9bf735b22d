import { useEffect } from "react";

/** The window's title: where the reader is, then the product. */
export function useTitle(place: string): void {
  useEffect(() => {
    document.title = place ? `${place} · Forkpoint` : "Forkpoint";
  }, [place]);
}
