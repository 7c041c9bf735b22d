import { render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { arriving, late } from "./arriving";
import { Boundary } from "./Boundary";

const GONE = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
const Gone = late<object>(GONE);
const { Part: GoneToo } = arriving<object>(GONE);

function Breaks(): never {
  throw new Error("no such arm");
}

const page = (place: string, part: React.ReactNode) => (
  <>
    <h1>Sweep</h1>
    <Boundary key={place}>
      <Suspense>{part}</Suspense>
    </Boundary>
  </>
);

describe("a part of the page", () => {
  // React tells the console of every error that a boundary took.
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ["when it is drawn", <Gone />],
    ["when it was prepared", <GoneToo />],
  ])("that the server no longer has is told of with what helps, %s", async (_, part) => {
    render(page("runs", part));
    expect(await screen.findByRole("alert")).toHaveTextContent("Forkpoint was upgraded since the page was loaded");
    expect(screen.getByRole("button", { name: "Load the page anew" })).toBeInTheDocument();
    expect(screen.getByRole("heading", { name: "Sweep" })).toBeInTheDocument();
  });

  it("that breaks says why, and leaves the rest and other places as they are", () => {
    const { rerender } = render(page("compare", <Breaks />));
    expect(screen.getByRole("alert")).toHaveTextContent(/broke.*no such arm/);
    expect(screen.getByRole("heading", { name: "Sweep" })).toBeInTheDocument();
    rerender(page("runs", <p>3 runs</p>));
    expect(screen.getByText("3 runs")).toBeInTheDocument();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });
});
