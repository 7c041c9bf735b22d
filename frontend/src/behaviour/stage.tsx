/** Parts of the Behaviour tab before a service that answers for a sweep, for tests. */

import type { ReactNode } from "react";

import type { SweepBehaviour } from "../api/types";
import { mountAt, network, newQueries, refusal, reply } from "../standins";
import { behaviour, differences, gaps, sentences, SWEEP } from "./samples";
import { stylesOf } from "./styles";
import { useBehaviourView } from "./view";
import type { PartProps } from "./shared";

export const PREVIEW = { analyses: 5, new: 3, lexicon: "english-1", problems: 64, traces: 4, drawn_tokens: 12_000, scored_tokens: 34_000, device_seconds: 95, estimate_basis: "from 7 finished analyses" };

/** What the service answers at the end of an address, and with which status. */
export const served: Record<string, [status: number, body: object]> = {};

export function serve(): void {
  Object.assign(served, {
    behaviour: [200, behaviour()],
    differences: [200, differences()],
    gaps: [200, gaps()],
    sentences: [200, sentences()],
    kinds: [200, { arm: "shaped", lexicon: "english-1", kappa: 2, seeds: [], kinds: [] }],
    preview: [200, PREVIEW],
    analyses: [200, { analyses: [], subjects: [] }],
    catalogue: [200, { lexicons: ["english-1", "countdown-1", "latin-1"] }],
  });
  network.mockImplementation(async ({ url }) => {
    const found = served[new URL(url).pathname.split("/").at(-1) ?? ""];
    return found ? reply(found[1], found[0]) : refusal(404, "not_found", "no such place");
  });
}

export function show(part: ReactNode, address = "") {
  return mountAt(`/sweeps/7?${address}`, part, newQueries({ staleTime: 10_000 }));
}

/** One part as the tab gives it what it has. */
export function Given({ Part, found = behaviour() }: { Part: (props: PartProps) => ReactNode; found?: SweepBehaviour }) {
  const view = useBehaviourView(SWEEP, found);
  return <Part sweep={SWEEP} behaviour={found} view={view} styles={stylesOf(SWEEP, "light")} />;
}
