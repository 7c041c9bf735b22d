/** Parts of the Behaviour tab before a service that answers for a sweep, for tests. */

import { network } from "../rollouts/standins";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";

import type { SweepBehaviour } from "../api/types";
import { behaviour, differences, gaps, sentences, SWEEP } from "./samples";
import { stylesOf } from "./styles";
import { useBehaviourView } from "./view";
import type { PartProps } from "./shared";

export { network };

export const PREVIEW = { analyses: 5, new: 3, lexicon: "english-1", problems: 64, traces: 4, drawn_tokens: 12_000, scored_tokens: 34_000 };

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
  network.mockReset();
  network.mockImplementation(async (request) => {
    const [status, body] = served[new URL(request.url).pathname.split("/").at(-1) ?? ""] ?? [404, { code: "not_found", message: "no such place", errors: [] }];
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  });
}

export function show(part: ReactNode, address = "") {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 10_000 }, mutations: { retry: false } } });
  const location = memoryLocation({ path: "/sweeps/7", searchPath: address, record: true });
  render(
    <QueryClientProvider client={client}>
      <Router hook={location.hook} searchHook={location.searchHook}>
        {part}
      </Router>
    </QueryClientProvider>,
  );
  return { address: () => new URLSearchParams(location.history.at(-1)?.split("?")[1]) };
}

/** One part as the tab gives it what it has. */
export function Given({ Part, found = behaviour() }: { Part: (props: PartProps) => ReactNode; found?: SweepBehaviour }) {
  const view = useBehaviourView(SWEEP, found);
  return <Part sweep={SWEEP} behaviour={found} view={view} styles={stylesOf(SWEEP, "light")} />;
}

export async function sent(method: string): Promise<{ path: string; body: unknown }[]> {
  const asked = network.mock.calls.map(([request]) => request).filter((request) => request.method === method);
  return Promise.all(asked.map(async (request) => ({ path: new URL(request.url).pathname, body: (await request.clone().json()) as unknown })));
}
