import { act, waitFor } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { SweepDetail } from "../api/types";
import { BehaviourTab } from "../behaviour/BehaviourTab";
import { SWEEP } from "../behaviour/samples";
import { serve, served, show } from "../behaviour/stage";
import { CurvesTab } from "../curves/CurvesTab";
import { network } from "../standins";

// ECharts draws on canvases, which jsdom lacks: what it is told to draw is counted instead.
const drawn = vi.hoisted(() => ({ charts: 0, options: 0 }));

vi.mock("echarts/core", () => {
  const chart: object = new Proxy(
    {},
    {
      get: (_, name) => () => {
        if (name === "setOption") drawn.options += 1;
        return chart;
      },
    },
  );
  const init = () => {
    drawn.charts += 1;
    return chart;
  };
  return { use: () => undefined, init };
});

let progress: (changes: object) => void;

function Running({ children }: { children: (sweep: SweepDetail) => ReactNode }) {
  const [sweep, setSweep] = useState(SWEEP);
  progress = (changes) => setSweep((old) => ({ ...old, progress: { ...old.progress, ...changes } }));
  return children(sweep);
}

describe("a run's next step", () => {
  beforeEach(() => {
    Object.assign(drawn, { charts: 0, options: 0 });
    serve();
  });

  async function step(tab: (sweep: SweepDetail) => ReactNode, many: number) {
    show(<Running>{tab}</Running>);
    await waitFor(() => expect(drawn.charts).toBeGreaterThanOrEqual(many));
    await act(async () => undefined);
    const before = drawn.options;
    act(() => progress({ running: 1, eta_seconds: 40 }));
    await act(async () => undefined);
    expect(drawn.options).toBe(before);
  }

  it("draws no chart of behaviour anew", () => step((sweep) => <BehaviourTab id={7} sweep={sweep} busy />, 3));

  it("draws no curve anew", async () => {
    const seed = (name: string) => ({ run_id: 1, arm: "shaped", seed: 0, name, total: 2, steps: [1, 2], xs: null, values: [0.3, 0.2], means: null, gap: null });
    const answer = network.getMockImplementation()!;
    network.mockImplementation((request) => {
      const asked = new URL(request.url).searchParams.getAll("names");
      served["metrics"] = [200, { names: ["psi/share", "entropy/mean"], series: asked.map(seed) }];
      return answer(request);
    });
    await step((sweep) => <CurvesTab sweep={sweep} busy />, 3);
  });
});
