import { network } from "../rollouts/standins";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";

import { SweepsPage } from "../pages/SweepsPage";

it("asks for what was searched once it is written, not key by key", async () => {
  network.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ sweeps: [], total: 0 }), { headers: { "content-type": "application/json" } })));
  const location = memoryLocation({ path: "/", record: true });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Router hook={location.hook} searchHook={location.searchHook}>
        <SweepsPage />
      </Router>
    </QueryClientProvider>,
  );
  await screen.findByText("No sweeps yet");
  await userEvent.type(screen.getByRole("searchbox"), "tiny");
  expect(location.history.at(-1)).toBe("/?search=tiny");
  expect(await screen.findByText("No sweep matches")).toBeVisible();
  const searched = () => network.mock.calls.map(([{ url }]) => new URL(url)).filter(({ pathname }) => pathname === "/api/sweeps").map(({ searchParams }) => searchParams.get("search"));
  await waitFor(() => expect(searched()).toEqual(["", "tiny"]));
});
