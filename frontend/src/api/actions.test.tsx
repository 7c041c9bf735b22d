import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { mount, network, refusal, reply, requests } from "../standins";
import { newKey, useSubmit } from "./actions";
import type { SweepSpec } from "./types";

const sentKeys = () => requests().map(({ headers }) => headers.get("idempotency-key"));

function Submit() {
  const submit = useSubmit();
  return <button onClick={() => submit.mutate({ spec: { name: "one" } as SweepSpec, key: newKey() })}>{submit.status}</button>;
}

describe("a submission", () => {
  it("is sent again under its key when no answer came", async () => {
    network.mockRejectedValueOnce(new TypeError("network")).mockImplementation(async () => reply({ id: 1 }, 201));
    mount(<Submit />);
    await userEvent.click(screen.getByRole("button"));
    await waitFor(() => expect(screen.getByRole("button")).toHaveTextContent("success"), { timeout: 4000 });
    expect(sentKeys()).toHaveLength(2);
    expect(sentKeys()[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(sentKeys()[1]).toBe(sentKeys()[0]);
  });

  it("has a key of its own for each click", async () => {
    network.mockImplementation(async () => reply({ id: 1 }, 201));
    mount(<Submit />);
    await userEvent.click(screen.getByRole("button"));
    await userEvent.click(screen.getByRole("button"));
    expect(new Set(sentKeys()).size).toBe(2);
  });

  it("is not sent again when it was refused", async () => {
    network.mockImplementation(async () => refusal(422, "invalid", "wrong"));
    mount(<Submit />);
    await userEvent.click(screen.getByRole("button"));
    await waitFor(() => expect(screen.getByRole("button")).toHaveTextContent("error"));
    expect(sentKeys()).toHaveLength(1);
  });
});
