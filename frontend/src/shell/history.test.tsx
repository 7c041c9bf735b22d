import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { Refreshes } from "../live/refreshes";
import { mount, network, reply } from "../standins";
import { ActionHistory } from "./ActionHistory";

it("grows while it is open, when somebody steers the sweep", async () => {
  const actions = [{ at: "2025-06-01T12:00:00Z", actor: "ada", action: "pause", reason: "" }];
  network.mockImplementation(async () => reply({ actions, total: actions.length }));
  const { queries } = mount(<ActionHistory subject="sweep" id={3} />);
  const refreshes = new Refreshes(queries);
  const box = screen.getByText("History of actions").closest("details")!;
  box.open = true;
  fireEvent(box, new Event("toggle"));
  expect(await screen.findByText("paused it")).toBeInTheDocument();
  actions.unshift({ at: "2025-06-01T12:05:00Z", actor: "eve", action: "analyse", reason: "" });
  refreshes.tell([{ of: "sweep", id: 3, when: "moved" }]);
  expect(await screen.findByText("queued analyses of its behaviour")).toBeInTheDocument();
  refreshes.stop();
});
