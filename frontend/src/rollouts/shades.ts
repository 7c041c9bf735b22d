/** How a token is shaded: steps of one colour at stated values, the same for every run and step. */

export const MEASURES = ["entropy", "psi", "advantage"] as const;
export type Measure = (typeof MEASURES)[number];

/** A token is as dark as bounds it has reached; below the first it is not shaded at all. */
export const BOUNDS: Record<Measure, readonly number[]> = {
  entropy: [0.1, 0.3, 0.6, 1, 1.7, 3, 5],
  psi: [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1],
  advantage: [1e-6, 0.5, 1, 2],
};

export const UNITS: Record<Measure, string> = {
  entropy: "Entropy of the next token, nats",
  psi: "ψ, what shaping adds to the advantage",
  advantage: "Advantage, before shaping",
};

const LETTERS: Record<Measure, string> = { entropy: "e", psi: "p", advantage: "a" };

/** The class of a token by one measure: "e3", "a-2", nothing where there is nothing to see. */
export function shade(measure: Measure, value: number | null): string {
  const letter = LETTERS[measure];
  if (value === null) return `${letter}x`;
  const reached = BOUNDS[measure].filter((bound) => Math.abs(value) >= bound).length;
  if (reached === 0) return "";
  return `${letter}${value < 0 ? -reached : reached}`;
}

/** Rounding of 32-bit numbers, in which ψ and the advantage were stored. */
const ROUNDED = 1 - 1e-6;

/** Whether ψ is held at |A| / κ, its largest value. */
export function isCapped(psi: number | null, advantage: number | null, kappa: number | null): boolean {
  if (psi === null || advantage === null || kappa === null || advantage === 0) return false;
  return psi >= (Math.abs(advantage) / kappa) * ROUNDED;
}
