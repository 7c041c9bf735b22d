/** What a sweep's arm templates write, and text into further values of it. */

import type { ExtensionRequest, SweepDetail } from "../api/types";

export type Scalar = string | number | boolean;

/** A parameter of an arm template, with the values that the sweep has of it. */
export interface Axis {
  template: string;
  parameter: string;
  has: Scalar[];
}

const STRUCTURE = new Set(["name", "method", "train", "zip", "exclude"]);

/** Every parameter that the templates write, training settings as `train.steps`. */
export function readAxes(spec: SweepDetail["spec"]): Axis[] {
  const arms = Array.isArray(spec.arms) ? spec.arms : [];
  return arms.filter(isObject).flatMap((arm) => {
    const own = Object.entries(arm).filter(([name]) => !STRUCTURE.has(name));
    const training = isObject(arm.train) ? Object.entries(arm.train).map(([name, value]) => [`train.${name}`, value] as const) : [];
    return [...own, ...training]
      .map(([parameter, value]) => ({ template: String(arm.name), parameter, has: (Array.isArray(value) ? value : [value]).filter(isScalar) }))
      .filter(({ has }) => has.length > 0);
  });
}

/** "0.1, true, none": numbers and yes-or-no as such, anything else as text. */
export function parseValues(text: string): Scalar[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => {
      if (word === "true" || word === "false") return word === "true";
      const number = Number(word);
      return Number.isFinite(number) ? number : word;
    });
}

/** Texts by axis, as the API wants them: without what nothing was written for. */
export function writeRequest(axes: Axis[], texts: string[], seeds: number[]): ExtensionRequest | null {
  const values: Record<string, Record<string, Scalar[]>> = {};
  axes.forEach(({ template, parameter }, index) => {
    const parsed = parseValues(texts[index] ?? "");
    if (parsed.length > 0) values[template] = { ...values[template], [parameter]: parsed };
  });
  if (seeds.length === 0 && Object.keys(values).length === 0) return null;
  return { seeds, values };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean";
}
