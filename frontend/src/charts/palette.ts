/** Colours of arms: an arm keeps its colour in every chart of its sweep. */

import type { Theme } from "../shell/theme";

export interface ArmStyle {
  color: string;
  dash: "solid" | "dashed" | "dotted";
  width: number;
}

export interface StyledArm {
  name: string;
  is_baseline: boolean;
  method: { method: string };
}

/** After Okabe and Ito, with lightness moved to stand out from each ground. */
const HUES: Record<Theme, string[]> = {
  light: ["#0072b2", "#d55e00", "#00875f", "#b8599a", "#b07800", "#3a9bd6", "#7655a8", "#7a8016", "#a8443f", "#4f6b8a"],
  dark: ["#5aaeea", "#f0864a", "#3fc79b", "#e08fc4", "#e8b13f", "#8fd0f5", "#b39be6", "#c3c45a", "#e88a85", "#9db4cf"],
};

const BASE: Record<Theme, string> = { light: "#72767e", dark: "#a0a5ae" };
const BASELINE: Record<Theme, string> = { light: "#1c1d20", dark: "#f1f1ee" };

/** The style of every arm, by its place in the sweep. The base model and the baseline stand apart. */
export function armStyles(arms: StyledArm[], theme: Theme): Map<string, ArmStyle> {
  const hues = HUES[theme];
  let next = 0;
  const styles = new Map<string, ArmStyle>();
  for (const arm of arms) {
    if (arm.is_baseline) styles.set(arm.name, { color: BASELINE[theme], dash: "solid", width: 2.5 });
    else if (arm.method.method === "base") styles.set(arm.name, { color: BASE[theme], dash: "dashed", width: 2 });
    else {
      const round = Math.floor(next / hues.length);
      const color = hues[next % hues.length] ?? BASE[theme];
      styles.set(arm.name, { color, dash: round % 2 === 0 ? "solid" : "dotted", width: 1.75 });
      next += 1;
    }
  }
  return styles;
}

export interface Ink {
  text: string;
  muted: string;
  line: string;
  surface: string;
}

/** What a chart's canvas, which no style sheet reaches, is drawn with. */
export const INK: Record<Theme, Ink> = {
  light: { text: "#1c1d20", muted: "#5e636b", line: "#e3e3de", surface: "#ffffff" },
  dark: { text: "#e9e9e6", muted: "#9ca1aa", line: "#2c2e33", surface: "#191a1d" },
};
