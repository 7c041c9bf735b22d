import { QueryClient } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { beforeEach, describe, expect, it } from "vitest";

import { prefetch } from "./prefetch";
import { arriving } from "./shell/arriving";
import { asked, network, reply } from "./standins";

beforeEach(() => void network.mockImplementation(async () => reply({})));

describe("what is asked for before anything is drawn", () => {
  it.each([
    ["/", ["/api/session"]],
    ["/runs/7", ["/api/session"]],
    ["/sweeps/7", ["/api/session", "/api/sweeps/7", "/api/sweeps/7/comparison?thin=true"]],
    ["/sweeps/7?baseline=grpo", ["/api/session", "/api/sweeps/7", "/api/sweeps/7/comparison?baseline=grpo&thin=true"]],
    ["/sweeps/7?tab=runs", ["/api/session", "/api/sweeps/7"]],
    ["/sweeps/seven", ["/api/session"]],
    ["/sign-in", []],
  ])("at %s", (address, expected) => {
    prefetch(new QueryClient(), new URL(address, "http://page.example"));
    expect(asked()).toEqual(expected);
  });
});

describe("a part that arrives", () => {
  it("is waited for, unless it has arrived before", async () => {
    const late = arriving(() => Promise.resolve(() => <p>late</p>));
    const { unmount } = render(<Suspense fallback="waiting"><late.Part /></Suspense>);
    expect(screen.getByText("waiting")).toBeVisible();
    expect(await screen.findByText("late")).toBeVisible();
    unmount();
    render(<Suspense fallback="waiting"><late.Part /></Suspense>);
    expect(screen.getByText("late")).toBeVisible();
  });

  it("can be prepared", async () => {
    const soon = arriving(() => Promise.resolve(() => <p>soon</p>));
    soon.prepare();
    await Promise.resolve();
    await Promise.resolve();
    render(<Suspense fallback="waiting"><soon.Part /></Suspense>);
    expect(screen.getByText("soon")).toBeVisible();
  });
});
