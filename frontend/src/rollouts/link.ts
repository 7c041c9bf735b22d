/** The address of a completion: come to it, and go on with it. */

import { useEffect, useState } from "react";

import { useSettled } from "../shell/settled";
import { readPlace } from "./addresses";
import type { Hands } from "./cursor";
import type { Shown } from "./exports";
import type { Looked } from "./looked";

const SETTLED_MS = 400;

/** The completion in the address is come to once, when it is there; later the address follows the keys. */
export function useLink({ change, at: named }: Looked, shown: Shown, { cursor, setCursor }: Hands): void {
  const [asked, setAsked] = useState(() => readPlace(named));
  const place = asked ? (shown[asked.side]?.rollouts.findIndex(({ index }) => index === asked.index) ?? -1) : -1;
  useEffect(() => {
    if (!asked || place < 0) return;
    setAsked(null);
    setCursor({ side: asked.side, place, token: null });
    document.querySelector(`[data-side="${asked.side}"][data-place="${place}"]`)?.scrollIntoView?.({ block: "center" });
  }, [asked, place, setCursor]);

  const index = cursor && shown[cursor.side]?.rollouts[cursor.place]?.index;
  const at = useSettled(cursor && index !== undefined ? `${cursor.side[0]}${index}` : "", SETTLED_MS);
  useEffect(() => {
    if (at) change({ at });
  }, [at, change]);
}
