import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";

import type { FieldError } from "../api/types";
import { locate, parseSweep } from "./document";
import { SweepForm } from "./SweepForm";
import { YamlEditor } from "./YamlEditor";

const START = `# my comment
name: first
seeds: [0, 1]
arms:
  - {name: shaped, method: entropy_shaped, alpha: [0.1], kappa: [2]}
`;

function Both({ errors = [] }: { errors?: FieldError[] }) {
  const [source, setSource] = useState(START);
  const text = parseSweep(source);
  return (
    <>
      <SweepForm source={source} text={text} errors={errors} catalogue={undefined} preview={undefined} onText={setSource} />
      <YamlEditor value={source} problems={[...text.problems, ...locate(text, errors)]} onChange={setSource} />
    </>
  );
}

const yaml = () => screen.getByLabelText<HTMLTextAreaElement>("The sweep as YAML");

const seeds = () => screen.getByLabelText<HTMLInputElement>(/^Seeds/);
const alpha = () => screen.getByLabelText<HTMLInputElement>("alpha α");
const chip = (label: string, value: string) => screen.getByRole("button", { name: `Remove ${value} from ${label}` }).closest("li");
const values = (label: string) => within(screen.getByRole("list", { name: `Values of ${label}` })).getAllByRole("listitem").map((item) => item.textContent);

describe("the form and the YAML", () => {
  it("calls an arm by its name where an error is in it", () => {
    render(<Both errors={[{ field: "arms[0].alpha[0]", message: "must be a number", arm: "shaped" }]} />);
    expect(screen.getByRole("button", { name: "line 5" }).closest("li")).toHaveTextContent("arms[0].alpha[0] (arm shaped) must be a number");
  });

  it("writes the form into the YAML and leaves the rest alone", async () => {
    render(<Both />);
    await userEvent.type(alpha(), "0.4{Enter}0.8,");
    expect(yaml().value).toBe(START.replace("alpha: [0.1]", "alpha: [0.1, 0.4, 0.8]"));
    expect(values("alpha α")).toEqual(["0.1", "0.4", "0.8"]);
  });

  it("follows the YAML", async () => {
    render(<Both />);
    await userEvent.clear(yaml());
    await userEvent.paste("name: second\nseeds: [7]\narms: []\n");
    expect(screen.getByLabelText("Name")).toHaveValue("second");
    expect(values("Seeds")).toEqual(["7"]);
    expect(screen.queryByRole("group", { name: /^Arm / })).toBeNull();
  });

  it("adds a method's arm, and goes on in it", async () => {
    render(<Both />);
    await userEvent.click(screen.getByRole("button", { name: "Add an arm" }));
    await userEvent.click(screen.getByRole("menuitem", { name: /^GRPO/ }));
    expect(yaml().value).toContain("- {name: grpo, method: grpo}");
    expect(yaml().value).toContain("# my comment");
    expect(within(screen.getByRole("group", { name: "Arm grpo" })).getByLabelText("Arm name")).toHaveFocus();
  });

  it("varies a training setting in one arm, as clip-higher does", async () => {
    render(<Both />);
    await userEvent.selectOptions(screen.getByLabelText("Vary a training setting in this arm"), "clip_high");
    await userEvent.type(screen.getByLabelText("train.clip_high"), "0.2{Enter}0.28{Enter}");
    expect(yaml().value).toContain("train: {clip_high: [0.2, 0.28]}");
    await userEvent.click(screen.getByRole("button", { name: "Remove train.clip_high" }));
    expect(yaml().value).not.toContain("train");
  });

  it("says what is wrong with a half-written value without writing it", async () => {
    render(<Both />);
    const steps = screen.getByLabelText(/^Steps/);
    await userEvent.type(steps, "x");
    expect(steps).toBeInvalid();
    expect(yaml().value).toBe(START);
  });

  it("shows the API's error beside its field, at its value and at its line", () => {
    render(<Both errors={[{ field: "arms[0].kappa[0]", message: "kappa must be greater than 1" }]} />);
    expect(screen.getByLabelText("kappa κ")).toHaveAccessibleDescription(/kappa must be greater than 1/);
    expect(chip("kappa κ", "2")).toHaveClass("wrong");
    expect(chip("alpha α", "0.1")).not.toHaveClass("wrong");
    expect(screen.getByRole("button", { name: "line 5" })).toBeInTheDocument();
  });

  it("goes to the line of an error", async () => {
    render(<Both errors={[{ field: "seeds", message: "lists a seed twice" }]} />);
    await userEvent.click(screen.getByRole("button", { name: "line 3" }));
    expect(yaml()).toHaveFocus();
    expect(yaml().selectionStart).toBe(START.indexOf("seeds"));
  });
});

describe("a list of values", () => {
  it("takes a pasted list apart", async () => {
    render(<Both />);
    await userEvent.click(alpha());
    await userEvent.paste("0.2, 0.4\n1.5");
    expect(values("alpha α")).toEqual(["0.1", "0.2", "0.4", "1.5"]);
  });

  it("loses its last value to a backspace, and any to its cross", async () => {
    render(<Both />);
    await userEvent.type(seeds(), "{Backspace}");
    expect(yaml().value).toContain("seeds: [0]\n");
    await userEvent.click(screen.getByRole("button", { name: "Remove 0 from Seeds" }));
    expect(yaml().value).toContain("seeds: []\n");
  });

  it("is walked and changed with the keyboard alone", async () => {
    render(<Both />);
    await userEvent.click(seeds());
    await userEvent.keyboard("2{Enter}{ArrowLeft}{ArrowLeft}{Delete}");
    expect(values("Seeds")).toEqual(["0", "2"]);
    expect(screen.getByRole("button", { name: "Remove 2 from Seeds" })).toHaveFocus();
    await userEvent.keyboard("{ArrowRight}");
    expect(seeds()).toHaveFocus();
  });

  it("says at once what is no number, and keeps it to be mended", async () => {
    render(<Both />);
    await userEvent.type(alpha(), "0.2, x,");
    expect(alpha()).toHaveValue("x");
    expect(alpha()).toHaveAccessibleDescription(/“x” is not a number/);
    expect(values("alpha α")).toEqual(["0.1", "0.2"]);
  });

  it.each([
    ["0", /0 is in the list already/],
    ["1.5", /“1.5”: write whole numbers/],
    ["-1", /“-1”: write whole numbers/],
  ])("refuses the seed %s", async (typed, words) => {
    render(<Both />);
    await userEvent.type(seeds(), `${typed}{Enter}`);
    expect(seeds()).toHaveAccessibleDescription(words);
    expect(yaml().value).toBe(START);
  });

  it("keeps what was typed when its field is left", async () => {
    render(<Both />);
    await userEvent.type(alpha(), "0.7");
    await userEvent.tab();
    expect(values("alpha α")).toEqual(["0.1", "0.7"]);
  });

  it("is filled by a range", async () => {
    render(<Both />);
    await userEvent.click(screen.getByRole("button", { name: "Range of alpha α" }));
    const range = within(screen.getByRole("group", { name: "Range of alpha α" }));
    await userEvent.clear(range.getByLabelText("From"));
    await userEvent.type(range.getByLabelText("From"), "0.01");
    await userEvent.type(range.getByLabelText("To"), "10");
    await userEvent.clear(range.getByLabelText("How many"));
    await userEvent.type(range.getByLabelText("How many"), "4{Enter}");
    expect(yaml().value).toBe(START.replace("alpha: [0.1]", "alpha: [0.01, 0.1, 1, 10]"));
    expect(screen.queryByRole("group", { name: "Range of alpha α" })).toBeNull();
  });

  it("shows what a range gives before it is taken, and adds it to what there is", async () => {
    render(<Both />);
    await userEvent.click(screen.getByRole("button", { name: "Range of Seeds" }));
    const range = within(screen.getByRole("group", { name: "Range of Seeds" }));
    await userEvent.clear(range.getByLabelText("To"));
    await userEvent.type(range.getByLabelText("To"), "4");
    await userEvent.clear(range.getByLabelText("How many"));
    await userEvent.type(range.getByLabelText("How many"), "3");
    expect(range.getByRole("status")).toHaveTextContent("0, 2, 4");
    await userEvent.click(range.getByRole("button", { name: "Add to the list" }));
    expect(yaml().value).toContain("seeds: [0, 1, 2, 4]\n");
  });
});
