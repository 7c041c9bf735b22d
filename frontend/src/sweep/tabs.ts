/** The views of a sweep. Each arrives when it is opened, so that the first load stays small. */

import type { ComponentType } from "react";

import type { SweepDetail } from "../api/types";
import { arriving } from "../shell/arriving";

export interface TabProps {
  id: number;
  sweep: SweepDetail;
  busy: boolean;
}

interface SweepTab {
  id: string;
  label: string;
  Panel: ComponentType<TabProps>;
  /** Begins to load what it takes, so that it is there when it is wanted. */
  prepare: () => void;
}

export const TABS: readonly SweepTab[] = [
  tab("overview", "Overview", () => import("../overview/OverviewTab").then((module) => module.OverviewTab)),
  tab("compare", "Compare", () => import("../compare/CompareTab").then((module) => module.CompareTab)),
  tab("curves", "Curves", () => import("../curves/CurvesTab").then((module) => module.CurvesTab)),
  tab("rollouts", "Rollouts", () => import("../rollouts/RolloutsTab").then((module) => module.RolloutsTab)),
  tab("behaviour", "Behaviour", () => import("../behaviour/BehaviourTab").then((module) => module.BehaviourTab)),
  tab("runs", "Runs", () => import("../runs/RunsTab").then((module) => module.RunsTab)),
  tab("report", "Report", () => import("../report/ReportTab").then((module) => module.ReportTab)),
];

function tab(id: string, label: string, load: () => Promise<ComponentType<TabProps>>): SweepTab {
  const { Part, prepare } = arriving(load);
  return { id, label, Panel: Part, prepare };
}

/** Where a reader who asked for no tab begins: the results, as soon as there are any. */
export function firstTab({ progress }: Pick<SweepDetail, "progress">): string {
  return progress.succeeded > 0 ? "compare" : "overview";
}

export function findTab(id: string | null): SweepTab | undefined {
  return TABS.find((one) => one.id === id);
}
