import { render, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { RunDetail } from "../api/types";
import { mount, network, reply } from "../standins";
import { deviceSeconds } from "./DeviceUse";
import { Attempts } from "./History";
import { Reproduction } from "./Reproduction";

const RECORD = { code: { version: "0.1.0", commit: null, dirty: false, diff: "", diff_cut: false }, packages: { torch: "2.13.0" }, driver: null, from_step: null, device: "cpu", dtype: "float32", surroundings: null };

function attempt(number: number, more: object = {}): RunDetail["attempts"][number] {
  const times = { started_at: `2025-06-01T12:0${number}:00Z`, ended_at: `2025-06-01T12:0${number}:30Z` };
  return { number, worker: "desk/cpu:0", device: "cpu:0", outcome: "lost", exit_code: null, reason: null, versions: null, recorded: true, ...times, ...more };
}

function show(attempts: RunDetail["attempts"]) {
  network.mockImplementation(async ({ url }) => {
    const number = Number(/attempts\/(\d+)/.exec(url)?.[1]);
    return reply({ run_id: 7, attempt: number, command: `forkpoint run spec 7 # as ${number}`, record: RECORD });
  });
  mount(<Reproduction run={{ id: 7, attempts } as RunDetail} />);
}

describe("repeating a run", () => {
  it("is by the latest attempt that left a record", async () => {
    show([attempt(1), attempt(2), attempt(3, { recorded: false })]);
    expect(await screen.findByText("forkpoint run spec 7 # as 2")).toBeVisible();
    expect(within(screen.getByLabelText(/As attempt/)).getAllByRole("option")).toHaveLength(2);
  });

  it("asks for nothing where no attempt left one", () => {
    show([attempt(1, { recorded: false })]);
    expect(screen.getByText(/No attempt has left a record yet/)).toBeVisible();
    expect(network).not.toHaveBeenCalled();
  });
});

describe("device time", () => {
  it("counts every attempt, and of one under way what has passed", () => {
    const now = Date.parse("2025-06-01T12:02:45Z");
    expect(deviceSeconds({ attempts: [attempt(1), attempt(2, { ended_at: null })] }, now)).toBe(75);
  });
});

describe("the attempts", () => {
  it("say in words how each ended, and what it said", () => {
    render(<Attempts run={{ attempts: [attempt(1, { outcome: "out_of_memory", reason: "2 GiB short", exit_code: 70 })] } as unknown as RunDetail} now={0} />);
    expect(screen.getByText("ran out of memory")).toBeVisible();
    expect(screen.getByText("2 GiB short; exit code 70")).toBeVisible();
  });
});
