/** The trained arms of a sweep by the template they came from. */

import type { SweepDetail } from "../api/types";

export interface Template {
  name: string;
  arms: TemplateArm[];
}

interface TemplateArm {
  name: string;
  /** What sets it apart within its template; its whole name if nothing does. */
  short: string;
  isBaseline: boolean;
}

export function templatesOf(sweep: SweepDetail, search = ""): Template[] {
  const wanted = search.toLowerCase();
  const templates = new Map<string, TemplateArm[]>();
  for (const { name, template, method, is_baseline: isBaseline } of sweep.arms_list) {
    if (method.method === "base" || !name.toLowerCase().includes(wanted)) continue;
    const short = name.startsWith(`${template}/`) ? name.slice(template.length + 1) : name;
    templates.set(template, [...(templates.get(template) ?? []), { name, short, isBaseline }]);
  }
  return Array.from(templates, ([name, arms]) => ({ name, arms }));
}
