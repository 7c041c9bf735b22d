import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";

import { ArmsTable } from "./compare/ArmsTable";
import type { Axis } from "./compare/axes";
import type { Brush } from "./compare/brush";
import { BrushFields } from "./compare/BrushFields";
import { ConfigDiff } from "./compare/ConfigDiff";
import { COMPARISON } from "./compare/samples";
import { useDrawing } from "./curves/drawing";
import { sweepOf } from "./curves/samples";
import { Toolbar } from "./curves/Toolbar";
import { parseSweep } from "./editor/document";
import { SweepForm } from "./editor/SweepForm";
import { mount } from "./standins";

const ENTROPY: Axis = { kind: "result", id: "entropy", title: "entropy", place: () => 0.2, write: String, scale: 1 };

function Brushed() {
  const [brush, setBrush] = useState<Brush>(new Map());
  return <BrushFields axes={[ENTROPY]} brush={brush} onBrush={(axis, stretch) => setBrush(stretch ? new Map([[axis.id, stretch]]) : new Map())} />;
}

function Zoomed() {
  const [drawing, choose] = useDrawing();
  return <Toolbar drawing={drawing} choose={choose} />;
}

const YAML = `seeds: [0, 1, 2]
arms:
  - {name: first, method: grpo, train: {clip_high: [0.2]}}
  - {name: second, method: grpo}
`;

function Written() {
  const [source, setSource] = useState(YAML);
  return <SweepForm source={source} text={parseSweep(source)} errors={[]} catalogue={undefined} preview={undefined} onText={setSource} />;
}

function Differing() {
  const [chosen, choose] = useState(["a", "b", "c"]);
  return <ConfigDiff sweep={sweepOf(["a", "grpo"], ["b", "grpo"], ["c", "grpo"])} busy={false} chosen={chosen} onChoose={choose} />;
}

function Tabled() {
  const [ks, setKs] = useState([1, 8]);
  const nothing = () => undefined;
  const acts = { onSort: nothing, onSelect: nothing, onOpen: nothing, onDiff: nothing, onK: nothing };
  const looks = { order: null, sentences: {}, styles: new Map(), budgets: new Map(), within: null, selected: null, opened: new Set<string>(), busy: false };
  return <ArmsTable comparison={{ ...COMPARISON, ks: [1, 8] }} arms={[]} ks={ks} k={8} onRemove={(k) => setKs(ks.filter((one) => one !== k))} {...acts} {...looks} />;
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });

/** By keyboard: whoever uses a pointer need not find back. */
async function press(name: string) {
  button(name).focus();
  await userEvent.keyboard("{Enter}");
}

describe("the focus", () => {
  it("stays in a field of the brush that Enter has read", async () => {
    mount(<Brushed />);
    const field = screen.getByLabelText("entropy from");
    await userEvent.type(field, "0.10{Enter}");
    expect(field).toHaveFocus();
    expect(field).toHaveValue(0.1);
  });

  it("stays in the zoom's fields, and comes back to them when it is reset", async () => {
    window.history.replaceState(null, "", "/sweeps/7?tab=curves");
    mount(<Zoomed />);
    await userEvent.type(screen.getByLabelText("To, in steps"), "40{Enter}");
    expect(screen.getByLabelText("To, in steps")).toHaveFocus();
    await press("Reset zoom");
    expect(screen.getByLabelText("From, in steps")).toHaveFocus();
    expect(screen.getByLabelText("To, in steps")).toHaveValue("");
  });

  it.each([
    ["a value, to its neighbour", <Written />, ["Remove 1 from Seeds"], () => button("Remove 2 from Seeds")],
    ["the last value, to the one before", <Written />, ["Remove 2 from Seeds"], () => button("Remove 1 from Seeds")],
    ["an arm, to the next", <Written />, ["Remove arm first"], () => button("Remove arm second")],
    ["the last arm, to the one before", <Written />, ["Remove arm second"], () => button("Remove arm first")],
    ["the only arm, to what adds one", <Written />, ["Remove arm second", "Remove arm first"], () => button("Add an arm")],
    ["a varied setting, to what varies others", <Written />, ["Remove train.clip_high"], () => screen.getAllByLabelText(/^Vary/)[0]],
    ["one of those compared, to its neighbour", <Differing />, ["Take b out"], () => button("Take c out")],
    ["all but one of those compared, to what adds others", <Differing />, ["Take b out", "Take c out"], () => screen.getByLabelText(/^Add an arm or a run/)],
    ["the columns of a k, to those of the next", <Tabled />, ["Remove the columns of k = 1"], () => button(/^pass@ ?8/)],
  ])("goes on from what takes away %s", async (_, part, presses, goal) => {
    mount(part);
    for (const name of presses) await press(name);
    expect(goal()).toHaveFocus();
  });

  it("is never left with nothing to compare: the last stays", async () => {
    mount(<Differing />);
    for (const name of ["a", "b"]) await press(`Take ${name} out`);
    expect(screen.queryByRole("button", { name: /^Take/ })).toBeNull();
    expect(screen.getByText("c", { selector: ".subject" })).toBeInTheDocument();
  });
});
