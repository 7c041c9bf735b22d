/** Colours of arms: an arm keeps its look in every chart of its sweep, whatever stands beside it. */

import type { Theme } from "../shell/theme";

export type Dash = keyof typeof DASHES;
export type Marker = keyof typeof MARKERS;

export interface ArmStyle {
  color: string;
  dash: Dash;
  marker: Marker | null;
  width: number;
}

export interface StyledArm {
  name: string;
  is_baseline: boolean;
  method: { method: string };
}

/** Lengths of strokes and gaps, in pixels. */
export const DASHES = { solid: [], dashed: [7, 4], dotted: [1.5, 3], dashdot: [8, 3, 1.5, 3] } satisfies Record<string, number[]>;

/** Outlines in a box of 10 by 10, as SVG paths: for canvases, legends and pictures alike. */
export const MARKERS = {
  circle: "M5 0A5 5 0 1 1 5 10A5 5 0 1 1 5 0Z",
  triangle: "M5 0L10 9.5L0 9.5Z",
  square: "M.5 .5H9.5V9.5H.5Z",
  diamond: "M5 -.7L10.7 5L5 10.7L-.7 5Z",
  down: "M0 .5L10 .5L5 10Z",
  cross: "M1.8 -.3L5 2.9L8.2 -.3L10.3 1.8L7.1 5L10.3 8.2L8.2 10.3L5 7.1L1.8 10.3L-.3 8.2L2.9 5L-.3 1.8Z",
  plus: "M3.5 -.5H6.5V3.5H10.5V6.5H6.5V10.5H3.5V6.5H-.5V3.5H3.5Z",
  ring: "M5 0A5 5 0 1 1 5 10A5 5 0 1 1 5 0ZM5 2.6A2.4 2.4 0 1 0 5 7.4A2.4 2.4 0 1 0 5 2.6Z",
} satisfies Record<string, string>;

/**
 * Found by annealing: any two, and any one beside the colours below, stay apart for those who see
 * no red, no green or no blue, and stand out from the ground. `palette.test.ts` has the figures.
 */
export const HUES: Record<Theme, string[]> = {
  light: ["#096bcb", "#b56d05", "#843660", "#559c6f", "#47398a", "#b077bf", "#721505", "#506115"],
  dark: ["#4592f0", "#ec9a3c", "#a36182", "#9ad6ad", "#7166c0", "#e4b0f2", "#c4422b", "#c5e75a"],
};

export const BASE: Record<Theme, string> = { light: "#72767e", dark: "#a0a5ae" };
export const BASELINE: Record<Theme, string> = { light: "#1c1d20", dark: "#f1f1ee" };

const dashes = Object.keys(DASHES) as Dash[];
const markers = Object.keys(MARKERS) as Marker[];

/**
 * The style of every arm, by its place in the sweep: arms are only ever added at its end. The base
 * model and the sweep's own baseline stand apart.
 */
export function armStyles(arms: StyledArm[], theme: Theme): Map<string, ArmStyle> {
  let place = 0;
  const styles = new Map<string, ArmStyle>();
  for (const arm of arms) {
    if (arm.method.method === "base") styles.set(arm.name, { color: BASE[theme], dash: "dashed", marker: null, width: 2 });
    else if (arm.is_baseline) styles.set(arm.name, { color: BASELINE[theme], dash: "solid", marker: null, width: 2.5 });
    else styles.set(arm.name, styleAt(place, theme));
    if (arm.method.method !== "base") place += 1;
  }
  return styles;
}

/** Of 32 arms no two share dash and colour, nor dash and marker; of 256 no two share all three. */
export function styleAt(place: number, theme: Theme): ArmStyle {
  const hues = HUES[theme];
  const round = Math.floor(place / hues.length);
  const lap = Math.floor(round / dashes.length);
  return {
    color: hues[place % hues.length] ?? BASE[theme],
    dash: dashes[round % dashes.length] ?? "solid",
    marker: markers[(place + lap) % markers.length] ?? null,
    width: 1.75,
  };
}

export function plainStyle(ink: Ink): ArmStyle {
  return { color: ink.muted, dash: "solid", marker: null, width: 1.75 };
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
