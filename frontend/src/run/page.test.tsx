import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { QueuedRun, RunDetail } from "../api/types";
import { armStyles } from "../charts/palette";
import RunPage from "../pages/RunPage";
import { asked, mount, network, reply } from "../standins";
import { QueueTable } from "../workers/Queue";
import { TrainingSpeed } from "./DeviceUse";
import { lookOf } from "./RunMetrics";

const ANALYSIS = {
  step: 50,
  probe: { split: "eval", problems: 64, traces: 4, max_completion_tokens: null, temperature: 1, seed: 0 },
  lexicon: { name: "english-1", language: "en", words: { causal: ["because"] }, reflective: ["wait"], ends: [] },
  rare: { neighbours: 5, share: 0.1, embedder: "all-minilm-l6-v2", shown: 50 },
  collapse: null,
  shown: 16,
};
const SPEC = { model: "countdown-tiny", model_version: 1, task: "countdown", task_version: 1, seed: 0, method: { method: "grpo" }, train: { estimator: "grpo", steps: 60 }, eval: { problems: 8, samples: 4 } };
const TRAINED = {
  id: 57,
  sweep_id: 3,
  arm: "grpo",
  analysed_step: null,
  seed: 0,
  status: "succeeded",
  attempt: 1,
  step: 60,
  total_steps: 60,
  phase: "",
  worker: null,
  checkpoint_step: 0,
  content_hash: "ab12",
  spec: SPEC,
  sweeps: [{ id: 3, name: "first", arm: "grpo" }],
  attempts: [{ number: 1, worker: "desk/cpu:0", device: "cpu:0", outcome: "succeeded", exit_code: null, reason: null, versions: null, recorded: false, started_at: "2025-06-01T12:00:00Z", ended_at: "2025-06-01T12:01:00Z" }],
  transitions: [],
} as unknown as RunDetail;
const ANALYSED = { ...TRAINED, analysed_step: 50, step: 0, total_steps: 0, spec: { ...SPEC, analysis: ANALYSIS } } as unknown as RunDetail;

function series(name: string, values: number[]) {
  return { run_id: 57, arm: "grpo", seed: 0, name, total: 2, steps: [1, 2], xs: null, values, means: null, gap: null };
}

function answer(request: Request, run: RunDetail): object {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith("/metrics")) return { names: ["seconds", "tokens"], series: [] };
  if (pathname.endsWith("/log")) return { attempt: 1, text: "" };
  if (pathname.endsWith("/actions")) return { actions: [], total: 0 };
  if (pathname === "/api/sweeps/3") return { id: 3, arms_list: [] };
  return run;
}

function open(run: RunDetail) {
  network.mockImplementation(async (request) => reply(answer(request, run)));
  mount(<RunPage id={57} />);
}

const metricRequests = () => asked().filter((address) => address.includes("/metrics"));

describe("the page of a training run", () => {
  it("is called after its arm and seed, and leads back to the list of runs", async () => {
    open(TRAINED);
    await waitFor(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("grpo, seed 0"));
    expect(screen.getByRole("link", { name: "first" })).toHaveAttribute("href", "/sweeps/3?tab=runs");
    expect(screen.getByRole("link", { name: "read its completions" })).toBeVisible();
  });

  it("asks but once for its metrics, and once for their names", async () => {
    open(TRAINED);
    expect(await screen.findByRole("heading", { name: "Metrics" })).toBeVisible();
    await waitFor(() => expect(metricRequests().at(-1)).toContain("names=seconds%2Ctokens"));
    expect(metricRequests()).toHaveLength(2);
  });

  it("says how fast it trained", async () => {
    network.mockImplementation(async () => reply({ names: ["seconds", "tokens"], series: [series("seconds", [1, 2]), series("tokens", [500, 1000])] }));
    mount(<TrainingSpeed id={57} busy={false} />);
    expect(await screen.findByText("500 tokens a second")).toBeVisible();
  });

  it("draws its arm as its sweep does, so that none but the baseline looks like one", () => {
    const arms = [
      { name: "grpo", is_baseline: true, method: { method: "grpo" } },
      { name: "shaped", is_baseline: false, method: { method: "entropy_shaped" } },
    ];
    const own = armStyles(arms, "light");
    expect(lookOf("shaped", arms, "light").styles.get("shaped")?.color).toBe(own.get("shaped")?.color);
    expect(lookOf("shaped", [], "light").styles.get("shaped")?.color).not.toBe(own.get("grpo")?.color);
  });
});

describe("the page of an analysis", () => {
  it("is called after the weights it looks at, and leads back to the behaviour of the sweep", async () => {
    open(ANALYSED);
    await waitFor(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Analysis of grpo, seed 0, after step 50"));
    expect(document.title).toBe("Analysis of grpo, seed 0, after step 50 · Forkpoint");
    expect(screen.getByRole("link", { name: "first" })).toHaveAttribute("href", "/sweeps/3?tab=behaviour");
    expect(screen.getByRole("link", { name: "read what it found" })).toHaveAttribute("href", "/sweeps/3?tab=behaviour");
  });

  it("of the untrained model names neither arm nor seed", async () => {
    open({ ...ANALYSED, arm: "untrained", analysed_step: 0 });
    await waitFor(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Analysis of the untrained model"));
  });

  it("promises no metrics and no completions, which an analysis has none of", async () => {
    open(ANALYSED);
    await screen.findByRole("heading", { name: "Configuration" });
    await waitFor(() => expect(asked().some((address) => address.endsWith("/log"))).toBe(true));
    expect(screen.queryByRole("heading", { name: "Metrics" })).toBeNull();
    expect(screen.queryByText("read its completions")).toBeNull();
    expect(screen.queryByText("no training")).toBeNull();
    expect(metricRequests()).toEqual([]);
  });

  it("says what it was told to look at", async () => {
    open(ANALYSED);
    const section = (await screen.findByRole("heading", { name: "Analysis" })).parentElement!;
    expect(section).toHaveTextContent("step50lexiconenglish-1");
    expect(section).toHaveTextContent("probe.problems64");
    expect(section).toHaveTextContent("rare.share0.1");
    expect(section).toHaveTextContent("collapsenone");
    expect(screen.queryByRole("heading", { name: "Evaluation" })).toBeNull();
  });
});

describe("the queue", () => {
  const QUEUED: QueuedRun = { run_id: 57, sweep_id: 3, sweep_name: "first", arm: "grpo", analysed_step: null, seed: 0, sweep_priority: 0, priority: 0, due_at: "2025-06-01T12:00:00Z", others: 0, waits: "waits for a worker to be free" };

  it("tells the analysis of a run from the run", () => {
    mount(<QueueTable runs={[QUEUED, { ...QUEUED, run_id: 58, analysed_step: 50 }, { ...QUEUED, run_id: 59, arm: "untrained", analysed_step: 0 }]} total={3} />);
    const arms = screen.getAllByRole("row").slice(1).map((row) => row.querySelector("[data-label=Arm]")?.textContent?.trim());
    expect(arms).toEqual(["grpo", "grpo analysis after step 50", "untrained analysis"]);
  });

  it("says before a run is cancelled that other sweeps lose it too", async () => {
    mount(<QueueTable runs={[{ ...QUEUED, others: 2 }]} total={1} />);
    screen.getByRole("button", { name: "Actions for run 57" }).click();
    expect(await screen.findByText("Stops it, also for 2 other sweeps.")).toBeInTheDocument();
  });
});
