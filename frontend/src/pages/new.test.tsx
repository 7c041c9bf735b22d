import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { mountAt } from "../standins";
import NewSweepPage from "./NewSweepPage";

it("A copy of what is no sweep is a page that is not there", () => {
  mountAt("/new?from=abc", <NewSweepPage />);
  expect(screen.getByRole("heading", { name: "There is no such page" })).toBeInTheDocument();
});
