import type { QueryClient } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { SESSION } from "../api/session";
import { asked, mount, network, newQueries, refusal, reply, requests } from "../standins";
import { Editor } from "./Editor";

const START = "name: first\nseeds: [0]\nbaseline: grpo\narms:\n  - {name: grpo, method: grpo}\n";
const PREVIEW = { name: "first", baseline: "grpo", arms: [], runs: 1, new_runs: 1, queued_again: 0, existing: [], device_seconds: null, estimate_basis: "unknown" };

let queries: QueryClient;
let preview: () => Promise<Response>;

beforeEach(() => {
  sessionStorage.clear();
  queries = newQueries();
  queries.setQueryData(SESSION, { name: "ada", role: "editor" });
  network.mockImplementation(async (request) => {
    if (request.url.endsWith("/sweeps/preview")) return preview();
    return request.method === "POST" ? reply({ id: 5 }) : new Promise(() => undefined);
  });
});

const show = () => mount(<Editor origin="test" start={START} examples={[]} />, queries);
const submitted = () => asked("POST").filter((address) => address === "/api/sweeps").length;
const previewed = () => queries.getQueryState(["preview", START])?.status;
const ask = () => userEvent.type(screen.getByLabelText("Name"), "{Control>}{Enter}{/Control}");

describe("Ctrl+Enter", () => {
  it("submits as soon as what is written was found to be in order", async () => {
    let find: (reply: Response) => void = () => undefined;
    preview = () => new Promise((resolve) => (find = resolve));
    show();
    await ask();
    expect(screen.getByRole("button", { name: "Submitting…" })).toBeDisabled();
    find(reply(PREVIEW));
    await waitFor(() => expect(submitted()).toBe(1));
  });

  it("is forgotten when the preview failed, however it goes later", async () => {
    preview = () => Promise.reject(new TypeError("network"));
    show();
    await ask();
    await waitFor(() => expect(previewed()).toBe("error"));
    expect(await screen.findByText("No preview")).toBeInTheDocument();
    preview = () => Promise.resolve(reply(PREVIEW));
    // As when the window is looked at again.
    await act(() => queries.refetchQueries({ queryKey: ["preview"] }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeEnabled());
    expect(submitted()).toBe(0);
  });
});

describe("text that is not YAML", () => {
  it("is sent as it is, and what the API says of it is shown at its line, alone", async () => {
    const said = "`seeds [0]` lacks a colon followed by a space; type `seeds: [0]`";
    preview = () => Promise.resolve(reply(PREVIEW));
    show();
    await waitFor(() => expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeEnabled());
    preview = () => Promise.resolve(refusal(422, "invalid", said, [{ field: "line 2, column 1", message: said }]));
    const yaml = screen.getByLabelText("The sweep as YAML");
    const broken = START.replace("seeds:", "seeds");
    await userEvent.clear(yaml);
    await userEvent.paste(broken);
    expect(await screen.findByText(said)).toBeVisible();
    expect(screen.getByRole("button", { name: "line 2" })).toBeVisible();
    expect(screen.getByText(/^Mend the error/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Submit" })).toBeDisabled();
    const asked = requests("POST").at(-1)!;
    expect([asked.headers.get("content-type"), await asked.clone().text()]).toEqual(["application/yaml", broken]);
  });
});

describe("a field that cannot be written", () => {
  const panel = () => document.querySelector(".preview");

  it.each([
    [/^Steps/, "abc"],
    [/^Learning rate/, "3e-4x"],
    [/^Seeds/, "x{Enter}"],
  ])("%s: holds the submission back until it is mended, and says so", async (label, typed) => {
    preview = () => Promise.resolve(reply(PREVIEW));
    show();
    await waitFor(() => expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeEnabled());
    const field = screen.getByLabelText<HTMLInputElement>(label);
    await userEvent.type(field, typed);
    expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeDisabled();
    expect(panel()).toHaveClass("outdated");
    expect(screen.getByText("Mend the field that is marked to go on.")).toBeVisible();
    await userEvent.tab();
    expect(field).toBeInvalid();
    await ask();
    expect(submitted()).toBe(0);
    await userEvent.clear(field);
    await userEvent.type(field, "3{Enter}");
    await waitFor(() => expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeEnabled());
    expect(panel()).not.toHaveClass("outdated");
  });

  it("is not passed over by the very press that finds the mistake", async () => {
    preview = () => Promise.resolve(reply(PREVIEW));
    show();
    await waitFor(() => expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeEnabled());
    await userEvent.type(screen.getByLabelText(/^Seeds/), "x{Control>}{Enter}{/Control}");
    expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeDisabled();
    expect(submitted()).toBe(0);
  });

  it("gives way to what the YAML has come to say", async () => {
    preview = () => Promise.resolve(reply(PREVIEW));
    show();
    await userEvent.type(screen.getByLabelText(/^Steps/), "abc");
    const yaml = screen.getByLabelText("The sweep as YAML");
    await userEvent.click(yaml);
    await userEvent.paste("train: {steps: 7}\n");
    expect(screen.getByLabelText(/^Steps/)).toHaveValue("7");
    expect(screen.getByLabelText(/^Steps/)).toBeValid();
    await waitFor(() => expect(screen.getByRole("button", { name: "Submit 1 run" })).toBeEnabled());
  });
});
