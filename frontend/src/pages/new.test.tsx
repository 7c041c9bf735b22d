import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { expect, it } from "vitest";

import NewSweepPage from "./NewSweepPage";

it("A copy of what is no sweep is a page that is not there", () => {
  const location = memoryLocation({ path: "/new", searchPath: "from=abc" });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Router hook={location.hook} searchHook={location.searchHook}>
        <NewSweepPage />
      </Router>
    </QueryClientProvider>,
  );
  expect(screen.getByRole("heading", { name: "There is no such page" })).toBeInTheDocument();
});
