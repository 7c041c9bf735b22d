import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import type { Preview } from "../api/types";
import { PreviewPanel, submitLabel } from "./PreviewPanel";

const PREVIEW = {
  name: "mixed",
  baseline: "grpo",
  arms: [{ name: "grpo", template: "grpo", method: { method: "grpo" }, train: null, runs: 4 }],
  runs: 4,
  new_runs: 0,
  queued_again: 2,
  existing: [
    { arm: "grpo", seed: 0, run_id: 1, status: "succeeded" },
    { arm: "grpo", seed: 1, run_id: 2, status: "failed" },
    { arm: "grpo", seed: 2, run_id: 3, status: "cancelled" },
    { arm: "grpo", seed: 3, run_id: 4, status: "queued" },
  ],
  device_seconds: null,
  estimate_basis: "unknown",
} as unknown as Preview;

describe("what submitting does", () => {
  it("counts runs that are queued again as work, and says so", () => {
    render(<PreviewPanel preview={PREVIEW} outdated={false} />);
    expect(screen.getByText("To train now").nextSibling).toHaveTextContent(/^2$/);
    expect(screen.getByText("2 runs had failed or been cancelled before and will be queued again.")).toBeInTheDocument();
  });

  it("tells the others that are trained from those that wait", () => {
    render(<PreviewPanel preview={PREVIEW} outdated={false} />);
    expect(screen.getByText(/^1 run of this sweep is trained already/)).toBeInTheDocument();
    expect(screen.getByText(/^1 run of this sweep is queued or running already/)).toBeInTheDocument();
    expect(screen.getAllByRole("link").map((link) => link.textContent)).toEqual(["grpo · seed\u00a00", "grpo · seed\u00a03"]);
  });

  it("is told by the button", () => {
    expect(submitLabel(PREVIEW)).toBe("Submit 2 runs");
    expect(submitLabel({ ...PREVIEW, new_runs: 1, queued_again: 0 })).toBe("Submit 1 run");
    expect(submitLabel({ ...PREVIEW, queued_again: 0 })).toBe("Submit, nothing to train");
    expect(submitLabel(undefined)).toBe("Submit");
  });
});
