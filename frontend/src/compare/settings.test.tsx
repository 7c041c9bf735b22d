import { network } from "../rollouts/standins";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { sweepOf } from "../curves/samples";
import { ConfigDiff } from "./ConfigDiff";

it("asks for the sweep's runs, which may be compared too, only once it comes into view", async () => {
  const look: (() => void)[] = [];
  globalThis.IntersectionObserver = class {
    constructor(see: IntersectionObserverCallback) {
      look.push(() => see([{ isIntersecting: true } as IntersectionObserverEntry], this as unknown as IntersectionObserver));
    }
    observe() {}
    disconnect() {}
  } as unknown as typeof IntersectionObserver;
  const runs = [{ id: 70, arm: "grpo", seed: 0 }];
  network.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ runs, sweeps: [], cursor: "" }), { headers: { "content-type": "application/json" } })));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ConfigDiff sweep={sweepOf(["grpo", "grpo"], ["shaped", "entropy_shaped"])} busy={false} chosen={["grpo", "shaped"]} onChoose={() => undefined} />
    </QueryClientProvider>,
  );
  expect(network).not.toHaveBeenCalled();
  act(() => look.forEach((see) => see()));
  expect(await screen.findByRole("option", { name: "run 70: grpo, seed 0" })).toBeInTheDocument();
});
