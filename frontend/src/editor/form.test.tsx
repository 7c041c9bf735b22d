import { render, screen } from "@testing-library/react";
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
      <SweepForm source={source} text={text} errors={errors} catalogue={undefined} armNames={[]} onText={setSource} />
      <YamlEditor value={source} problems={[...text.problems, ...locate(text, errors)]} onChange={setSource} />
    </>
  );
}

const yaml = () => screen.getByLabelText<HTMLTextAreaElement>("The sweep as YAML");

describe("the form and the YAML", () => {
  it("writes the form into the YAML and leaves the rest alone", async () => {
    render(<Both />);
    const alpha = screen.getByLabelText("alpha α");
    await userEvent.clear(alpha);
    await userEvent.type(alpha, "0.1, 0.4, 0.8");
    expect(yaml().value).toBe(START.replace("alpha: [0.1]", "alpha: [0.1, 0.4, 0.8]"));
  });

  it("follows the YAML", async () => {
    render(<Both />);
    await userEvent.clear(yaml());
    await userEvent.paste("name: second\nseeds: [7]\narms: []\n");
    expect(screen.getByLabelText("Name")).toHaveValue("second");
    expect(screen.getByLabelText(/^Seeds/)).toHaveValue("7");
    expect(screen.getByLabelText(/^Entropy-shaped/)).not.toBeChecked();
  });

  it("adds a method's arm", async () => {
    render(<Both />);
    await userEvent.click(screen.getByLabelText(/^GRPO/));
    expect(yaml().value).toContain("- {name: grpo, method: grpo}");
    expect(yaml().value).toContain("# my comment");
  });

  it("says what is wrong with a half-written value without writing it", async () => {
    render(<Both />);
    const seeds = screen.getByLabelText(/^Seeds/);
    await userEvent.type(seeds, ", x");
    expect(seeds).toBeInvalid();
    expect(yaml().value).toContain("seeds: [0, 1]\n");
  });

  it("shows the API's error beside its field and at its line", () => {
    render(<Both errors={[{ field: "arms[0].kappa[0]", message: "kappa must be greater than 1" }]} />);
    expect(screen.getByLabelText("kappa κ")).toHaveAccessibleDescription("kappa must be greater than 1");
    expect(screen.getByRole("button", { name: "line 5" })).toBeInTheDocument();
  });

  it("goes to the line of an error", async () => {
    render(<Both errors={[{ field: "seeds", message: "lists a seed twice" }]} />);
    await userEvent.click(screen.getByRole("button", { name: "line 3" }));
    expect(yaml()).toHaveFocus();
    expect(yaml().selectionStart).toBe(START.indexOf("seeds"));
  });
});
