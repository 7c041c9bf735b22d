/** The Rollouts tab before a service that answers for a sweep, for tests. */

import { screen } from "@testing-library/react";

import type { Rollout, SweepDetail, SweepRun } from "../api/types";
import { mountAt, network, reply, requests } from "../standins";
import { RolloutsTab } from "./RolloutsTab";
import { indexAt, pageOf, rollout, RUNS, SWEEP } from "./samples";

export const LEFT = [
  rollout(0, ["3", " +", " 4", "<eos>"], { entropies: [0.2, 1.5, 0, 0], advantages: [1.5, 1.5, 1.5, 1.5] }),
  rollout(1, ["no", "\n", "idea"], { correct: false, reward: 0, advantages: [-0.8, -0.8, -0.8] }),
];
export const RIGHT = [rollout(4, ["seven"], { psi: [0.5], advantages: [1] }), rollout(5, ["eight"], { correct: false })];

/** What the service has: the runs of the sweep, and what those that kept completions kept. */
export const served: { runs: SweepRun[]; kept: Record<number, Rollout[]> } = { runs: [], kept: {} };

export function serve(): void {
  Object.assign(served, { runs: RUNS, kept: { 21: LEFT, 31: RIGHT, 32: [] } });
  network.mockImplementation(async (request) => reply(answer(request)));
}

export function answer(request: Request) {
  const { pathname, searchParams } = new URL(request.url);
  const [, noun, id, what] = pathname.match(/^\/api\/(\w+)\/(\d+)\/(\w+)$/) ?? [];
  if (what === "runs") return { runs: served.runs, sweeps: [], cursor: "" };
  if (noun === "sweeps") return indexAt(Number(searchParams.get("step") ?? 10), Object.keys(served.kept).map(Number));
  const all = served.kept[Number(id)] ?? [];
  const asked = searchParams.get("correct");
  const found = all.filter(
    (one) => (asked === null || String(one.correct) === asked) && one.tokens.join("").toLowerCase().includes(searchParams.get("search")?.toLowerCase() ?? ""),
  );
  return pageOf(Number(id), found, { step: Number(searchParams.get("step")) });
}

export function show(address = "", sweep: SweepDetail = SWEEP) {
  return mountAt(`/sweeps/7?${address}`, <RolloutsTab id={7} sweep={sweep} busy={false} />);
}

export const column = (name: string) => screen.findByRole("region", { name });
export const completion = (name: RegExp) => screen.findByRole("listitem", { name });
export const addresses = () => requests().map(({ url }) => new URL(url));
