import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";

import type { Comparison, SweepDetail } from "../api/types";
import { asked, mount, network, refusal, reply } from "../standins";
import { CompareTab } from "./CompareTab";
import { COMPARISON } from "./samples";

const UNGRADED = { pass_at: null, delta: null, cover: null, histogram: null };
const FIGURES: Comparison = {
  ...COMPARISON,
  ks: [1, 2, 4],
  k: 4,
  arms: COMPARISON.arms.map((arm) => ({ ...arm, ...UNGRADED })),
  conclusion: "words at pass@4",
};

const DONE = { total: 3, queued: 0, running: 0, cancelling: 0, succeeded: 3, failed: 0, cancelled: 0, eta_seconds: 0, device_seconds: 9 };
const SWEEP = { id: 1, baseline: "grpo", spec: { eval: { split: "held_out" } }, progress: DONE, arms_list: [] } as unknown as SweepDetail;

function serve(conclusion: (k: string) => object | Promise<object>, figures: Comparison = FIGURES) {
  network.mockImplementation(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const baseline = searchParams.get("baseline") ?? figures.baseline;
    const k = searchParams.get("k") ?? "";
    return reply(pathname.endsWith("/conclusion") ? await conclusion(k) : pathname.endsWith("/comparison") ? { ...figures, baseline } : SWEEP);
  });
}

function refuse(...why: Parameters<typeof refusal>) {
  const runs = [{ id: 3 }, { id: 9 }, { id: 5 }];
  network.mockImplementation(async ({ url }) => (url.endsWith("/runs") ? reply({ runs, sweeps: [], cursor: "" }) : refusal(...why)));
}

const said = (k: string) => ({ k: Number(k), sentences: {}, warnings: [], conclusion: `words at pass@${k}` });

const show = (sweep: SweepDetail = SWEEP) => mount(<CompareTab id={1} sweep={sweep} busy={false} />);

beforeEach(() => window.history.replaceState(null, "", "/sweeps/1"));

describe("the words above the figures", () => {
  it("follow k without asking for the figures again", async () => {
    serve(said);
    show();
    await screen.findByText("words at pass@4");
    fireEvent.change(screen.getByRole("slider"), { target: { value: "0" } });
    await screen.findByText("words at pass@1");
    expect(asked().filter((path) => path.includes("/comparison"))).toEqual(["/api/sweeps/1/comparison?thin=true"]);
    expect(asked()).toContain("/api/sweeps/1/conclusion?k=1");
  });

  it("stay until the next are there", async () => {
    let answer = (_: object) => {};
    serve((k) => (k === "1" ? new Promise<object>((resolve) => (answer = resolve)) : said(k)));
    show();
    await screen.findByText("words at pass@4");
    fireEvent.change(screen.getByRole("slider"), { target: { value: "0" } });
    await waitFor(() => expect(asked()).toContain("/api/sweeps/1/conclusion?k=1"));
    expect(screen.getByText("words at pass@4")).toBeInTheDocument();
    answer(said("1"));
    expect(await screen.findByText("words at pass@1")).toBeInTheDocument();
  });

  it("are those of the address from the start", async () => {
    window.history.replaceState(null, "", "/sweeps/1?k=2");
    serve(said);
    show();
    expect(await screen.findByText("words at pass@2")).toBeInTheDocument();
    expect(asked()).not.toContain("/api/sweeps/1/conclusion?k=4");
  });
});

describe("another baseline", () => {
  const bonus = { ...FIGURES, arms: FIGURES.arms.map((arm) => ({ ...arm, is_baseline: arm.name === "grpo" })) };

  it("is asked for with the figures and the words, and kept in the address", async () => {
    serve(said, bonus);
    show();
    fireEvent.change(await screen.findByLabelText("baseline"), { target: { value: "base" } });
    await waitFor(() => expect(asked()).toContain("/api/sweeps/1/comparison?baseline=base&thin=true"));
    await waitFor(() => expect(asked()).toContain("/api/sweeps/1/conclusion?k=4&baseline=base"));
    expect(new URLSearchParams(window.location.search).get("baseline")).toBe("base");
  });

  it("gives way to the sweep's own, which needs no parameter", async () => {
    window.history.replaceState(null, "", "/sweeps/1?baseline=base");
    serve(said, bonus);
    show();
    fireEvent.click(await screen.findByRole("button", { name: "Back to grpo" }));
    await waitFor(() => expect(asked()).toContain("/api/sweeps/1/comparison?thin=true"));
    expect(window.location.search).toBe("");
  });

  it("that the sweep does not have is told with what it has, and the way back", async () => {
    window.history.replaceState(null, "", "/sweeps/1?baseline=ppo");
    const message = "'ppo' is not one arm of this sweep; choose one of: base, grpo";
    refuse(422, "invalid", "the request is invalid", [{ field: "baseline", message }]);
    show();
    expect(await screen.findByText(/choose one of: base, grpo/)).toBeInTheDocument();
    fireEvent.click(screen.getByRole("button", { name: "Against grpo, as submitted" }));
    expect(window.location.search).toBe("");
  });
});

describe("what stands there while there is no comparison", () => {
  it("names what differs, and sets the first run's settings beside the last's", async () => {
    refuse(409, "conflict", "The runs of this sweep were not evaluated alike: they differ in task_version (1 and 2).");
    show();
    expect(await screen.findByText(/they differ in task_version/)).toBeInTheDocument();
    await waitFor(() => expect(asked()).toEqual(expect.arrayContaining(["/api/runs/3", "/api/runs/9"])));
  });

  it("says what is going on before the first run is graded", async () => {
    serve(said);
    show({ ...SWEEP, progress: { ...DONE, succeeded: 0, queued: 2, running: 1 } });
    expect(await screen.findByText(/Of 3 runs, 1 running, 2 queued/)).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "the curves" })).toHaveAttribute("href", "/sweeps/1?tab=curves");
    expect(screen.queryByText("Arms as lines")).toBeNull();
  });
});
