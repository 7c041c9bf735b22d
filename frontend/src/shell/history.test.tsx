import { network } from "../rollouts/standins";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { Refreshes } from "../live/refreshes";
import { ActionHistory } from "./ActionHistory";

it("grows while it is open, when somebody steers the sweep", async () => {
  const actions = [{ at: "2025-06-01T12:00:00Z", actor: "ada", action: "pause", reason: "" }];
  network.mockImplementation(() => Promise.resolve(new Response(JSON.stringify({ actions, total: actions.length }), { headers: { "content-type": "application/json" } })));
  const client = new QueryClient();
  const refreshes = new Refreshes(client);
  render(
    <QueryClientProvider client={client}>
      <ActionHistory subject="sweep" id={3} />
    </QueryClientProvider>,
  );
  const box = screen.getByText("History of actions").closest("details")!;
  box.open = true;
  fireEvent(box, new Event("toggle"));
  expect(await screen.findByText("paused it")).toBeInTheDocument();
  actions.unshift({ at: "2025-06-01T12:05:00Z", actor: "eve", action: "analyse", reason: "" });
  refreshes.tell([{ of: "sweep", id: 3, when: "moved" }]);
  expect(await screen.findByText("had its behaviour analysed")).toBeInTheDocument();
  refreshes.stop();
});
