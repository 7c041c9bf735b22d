/** The classes of a completion's tokens: everything of their look that the reader does not choose. */

import type { Rollout } from "../api/types";
import { markClasses, type Marked } from "./marks";
import { isCapped, shade } from "./shades";
import { isSpecial } from "./text";

/** One for each token. Those of all measures at once: to shade by another, only the box changes. */
export function looksOf(rollout: Rollout & Marked, kappa: number | null, categories: readonly string[]): string[] {
  const { tokens, entropies, psi, advantages } = rollout;
  const marks = markClasses(rollout, categories);
  return tokens.map((token, at) => {
    const [entropy, bonus, advantage] = [entropies[at] ?? null, psi[at] ?? null, advantages[at] ?? null];
    return [
      shade("entropy", entropy),
      shade("psi", bonus),
      shade("advantage", advantage),
      isCapped(bonus, advantage, kappa) && "capped",
      shape(token),
      marks[at],
    ]
      .filter(Boolean)
      .join(" ");
  });
}

function shape(token: string): string {
  if (token === "") return "part";
  if (isSpecial(token)) return "special";
  if (/^ +$/.test(token)) return "blank";
  return token.startsWith(" ") ? "spaced" : "";
}
