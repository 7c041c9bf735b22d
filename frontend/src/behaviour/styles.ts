/** How arms look here: as in every chart of the sweep, and the untrained model as a base model does. */

import { useMemo } from "react";

import type { SweepArms, SweepDetail } from "../api/types";
import { armStyles, BASE, plainStyle, styleAt, type ArmStyle, type Ink } from "../charts/palette";
import { useTheme, type Theme } from "../shell/theme";
import { UNTRAINED } from "./figures";

export type Styles = Map<string, ArmStyle>;

export function useStyles(sweep: SweepDetail): Styles {
  const theme = useTheme();
  const { arms_list } = sweep;
  return useMemo(() => stylesOf({ arms_list }, theme), [arms_list, theme]);
}

export function stylesOf(sweep: SweepArms, theme: Theme): Styles {
  const untrained: ArmStyle = { color: BASE[theme], dash: "dashed", marker: null, width: 2 };
  return new Map([[UNTRAINED, untrained], ...armStyles(sweep.arms_list, theme)]);
}

/** Kinds of words and sentences by their place, and the rest of the tokens in the ink of notes. */
export function kindStyle(place: number, theme: Theme, ink: Ink): ArmStyle {
  return place < 0 ? { ...plainStyle(ink), dash: "dashed" } : styleAt(place, theme);
}
