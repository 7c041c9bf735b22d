/** What the parts of this tab are given. */

import type { SweepBehaviour, SweepDetail } from "../api/types";
import type { LegendKey } from "../charts/downloads";
import type { Styles } from "./styles";
import type { View } from "./view";

export interface PartProps {
  sweep: SweepDetail;
  behaviour: SweepBehaviour;
  view: View;
  styles: Styles;
}

/** Of those that have a look. */
export function keysOf(names: readonly string[], styles: Styles): LegendKey[] {
  return names.flatMap((name) => {
    const style = styles.get(name);
    return style ? [{ name, style }] : [];
  });
}
