import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { mount, network, refusal, reply } from "../standins";
import { ArmRail } from "./ArmRail";
import { CurvesTab } from "./CurvesTab";
import type { Drawing } from "./drawing";
import { MetricPicker } from "./MetricPicker";
import { sweepOf } from "./samples";
import { Toolbar } from "./Toolbar";

const SWEEP = sweepOf(["base", "base"], ["grpo", "grpo"], ["shaped/alpha=0.1", "entropy_shaped"], ["shaped/alpha=0.4", "entropy_shaped"]);
const SHAPED = ["shaped/alpha=0.1", "shaped/alpha=0.4"];

describe("the tab", () => {
  const open = (sweep = SWEEP) => mount(<CurvesTab sweep={sweep} busy />);

  it("waits in grey", () => {
    network.mockReturnValue(new Promise(() => undefined));
    open();
    expect(screen.getByRole("status", { name: "Loading" })).toBeInTheDocument();
  });

  it("says what went wrong in the API's words", async () => {
    network.mockImplementation(async () => refusal(503, "unavailable", "the database did not answer in time"));
    open();
    expect(await screen.findByText("the database did not answer in time")).toBeInTheDocument();
  });

  it("says when there is nothing yet, and that there never will be", async () => {
    network.mockImplementation(async () => reply({ names: [], series: [] }));
    open();
    expect(await screen.findByText("No metrics yet")).toBeInTheDocument();
    open(sweepOf(["base", "base"]));
    expect(await screen.findByText("Nothing is trained here")).toBeInTheDocument();
  });

  it("says of each chart when no arm that is shown has its metric", async () => {
    network.mockImplementation(async ({ url }) => reply({ names: url.includes("names=") ? [] : ["reward/mean"], series: [] }));
    open();
    expect(await screen.findByText("No arm that is shown has reported reward/mean yet.")).toBeInTheDocument();
  });
});

describe("choosing metrics", () => {
  const names = ["clip/any", "entropy/mean", "loss", "reward/mean"];

  it("keeps their order and tells what each means", async () => {
    const choose = vi.fn();
    render(<MetricPicker names={names} chosen={["reward/mean"]} onChoose={choose} />);
    await userEvent.click(screen.getByText("Choose metrics"));
    expect(screen.getByText("the policy’s loss")).toBeInTheDocument();
    await userEvent.click(screen.getByRole("checkbox", { name: /^clip\/any/ }));
    expect(choose).toHaveBeenLastCalledWith(["clip/any", "reward/mean"]);
    await userEvent.click(screen.getByRole("checkbox", { name: /^reward\/mean/ }));
    expect(choose).toHaveBeenLastCalledWith([]);
  });

  it("finds them by meaning, and shows all that were found", async () => {
    const choose = vi.fn();
    render(<MetricPicker names={names} chosen={[]} onChoose={choose} />);
    await userEvent.click(screen.getByText("Choose metrics"));
    await userEvent.type(screen.getByRole("searchbox"), "nats");
    await userEvent.click(screen.getByRole("button", { name: "Show 1 match" }));
    expect(choose).toHaveBeenLastCalledWith(["entropy/mean"]);
    await userEvent.type(screen.getByRole("searchbox"), " gibberish");
    expect(screen.getByText(/No metric has these words/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Show 0 matches" })).toBeDisabled();
  });
});

describe("the arms beside the charts", () => {
  function rail(shown: string[], front: string | null = null) {
    const asked = { onShow: vi.fn(), onFront: vi.fn(), onPoint: vi.fn() };
    render(<ArmRail sweep={SWEEP} runs={[]} styles={new Map()} shown={shown} front={front} {...asked} />);
    return asked;
  }

  it("are those that are trained, by their template", () => {
    rail(["grpo", ...SHAPED]);
    expect(screen.queryByRole("checkbox", { name: "base" })).not.toBeInTheDocument();
    expect(within(screen.getByRole("group", { name: "shaped" })).getAllByRole("checkbox")).toHaveLength(3);
    expect(screen.getByText("3 of 3 shown")).toBeInTheDocument();
  });

  it("are hidden and shown one by one, by template, and alone, in the sweep's order", async () => {
    const { onShow } = rail(["shaped/alpha=0.4"]);
    await userEvent.click(screen.getByRole("checkbox", { name: "grpo" }));
    expect(onShow).toHaveBeenLastCalledWith(["grpo", "shaped/alpha=0.4"]);
    const template = screen.getByRole("checkbox", { name: "shaped" });
    expect(template).toBePartiallyChecked();
    await userEvent.click(template);
    expect(onShow).toHaveBeenLastCalledWith(SHAPED);
    await userEvent.click(screen.getByRole("checkbox", { name: "shaped/alpha=0.4" }));
    expect(onShow).toHaveBeenLastCalledWith([]);
    await userEvent.click(screen.getByRole("button", { name: "Show grpo alone" }));
    expect(onShow).toHaveBeenLastCalledWith(["grpo"]);
  });

  it("come forward while they are pointed at, and stay there when told to", async () => {
    const { onFront, onPoint } = rail(["grpo"], "grpo");
    await userEvent.hover(screen.getByRole("checkbox", { name: "grpo" }));
    expect(onPoint).toHaveBeenLastCalledWith("grpo");
    const front = screen.getByRole("button", { name: "Keep grpo in front" });
    expect(front).toHaveAttribute("aria-pressed", "true");
    await userEvent.click(front);
    expect(onFront).toHaveBeenLastCalledWith(null);
    expect(screen.getByRole("button", { name: "Keep shaped/alpha=0.4 in front" })).toBeDisabled();
  });
});

describe("zooming by numbers", () => {
  const drawing: Drawing = { x: "tokens", logX: false, logY: false, smoothing: "none", zoom: null };

  function tools(zoom: Drawing["zoom"] = null) {
    const choose = { x: vi.fn(), logX: vi.fn(), logY: vi.fn(), smoothing: vi.fn(), zoom: vi.fn() };
    render(<Toolbar drawing={{ ...drawing, zoom }} choose={choose} />);
    return choose;
  }

  it("takes both ends in units of the axis", async () => {
    const choose = tools();
    await userEvent.type(screen.getByRole("textbox", { name: "From, in tokens" }), "1000");
    await userEvent.type(screen.getByRole("textbox", { name: "To, in tokens" }), "2500{Enter}");
    expect(choose.zoom).toHaveBeenLastCalledWith([1000, 2500]);
  });

  it("refuses an end before its start, and has a way back", async () => {
    const choose = tools([5, 9]);
    const to = screen.getByRole("textbox", { name: "To, in tokens" });
    await userEvent.clear(to);
    await userEvent.type(to, "3{Enter}");
    expect(to).toBeInvalid();
    expect(choose.zoom).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Reset zoom" }));
    expect(choose.zoom).toHaveBeenLastCalledWith(null);
  });
});
