import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { SweepsPage } from "../pages/SweepsPage";
import { mountAt, network, reply, requests } from "../standins";

it("asks for what was searched once it is written, not key by key", async () => {
  network.mockImplementation(async () => reply({ sweeps: [], total: 0 }));
  const { place } = mountAt("/", <SweepsPage />);
  await screen.findByText("No sweeps yet");
  await userEvent.type(screen.getByRole("searchbox"), "tiny");
  expect(place()).toBe("/?search=tiny");
  expect(await screen.findByText("No sweep matches")).toBeVisible();
  const searched = () => requests().map(({ url }) => new URL(url)).filter(({ pathname }) => pathname === "/api/sweeps").map(({ searchParams }) => searchParams.get("search"));
  await waitFor(() => expect(searched()).toEqual(["", "tiny"]));
});
