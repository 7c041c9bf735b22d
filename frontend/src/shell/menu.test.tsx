import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { Menu } from "./Menu";
import { VerbButton } from "./VerbButton";
import type { Verb } from "./verbs";

const VERBS: Verb[] = [
  { id: "clone", label: "Clone", meaning: "Opens a copy." },
  { id: "archive", label: "Archive", meaning: "Puts it away.", whyNot: "It is not finished." },
  { id: "drain", label: "Drain", meaning: "Cancels what is queued." },
];

async function open() {
  const act = vi.fn();
  render(<Menu label="More" verbs={VERBS} onAct={act} />);
  await userEvent.tab();
  await userEvent.keyboard("{ArrowDown}");
  return act;
}

describe("a menu", () => {
  it("opens on its first item, and arrows go round", async () => {
    await open();
    expect(screen.getByRole("menuitem", { name: /^Clone/ })).toHaveFocus();
    await userEvent.keyboard("{ArrowUp}");
    expect(screen.getByRole("menuitem", { name: /^Drain/ })).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    expect(screen.getByRole("menuitem", { name: /^Archive/ })).toHaveFocus();
  });

  it("gives the focus back on Escape", async () => {
    const act = await open();
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(screen.getByRole("button", { name: "More" })).toHaveFocus();
    expect(act).not.toHaveBeenCalled();
  });

  it("does what was chosen, and closes", async () => {
    const act = await open();
    await userEvent.keyboard("{End}{Enter}");
    expect(act).toHaveBeenCalledExactlyOnceWith("drain");
    expect(screen.queryByRole("menu")).toBeNull();
  });

  it("says of what is refused why, and does not do it", async () => {
    const act = await open();
    const item = screen.getByRole("menuitem", { name: /It is not finished\.$/ });
    await userEvent.click(item);
    expect(item).toHaveAttribute("aria-disabled", "true");
    expect(act).not.toHaveBeenCalled();
  });

  it("closes when something else is pressed", async () => {
    await open();
    await userEvent.click(document.body);
    expect(screen.queryByRole("menu")).toBeNull();
  });
});

describe("a button that is refused", () => {
  it("can be reached to learn why, and does nothing", async () => {
    const act = vi.fn();
    render(<VerbButton verb={{ id: "pause", label: "Pause", meaning: "Holds back.", whyNot: "It is archived." }} onAct={act} />);
    await userEvent.tab();
    await userEvent.keyboard("{Enter}");
    expect(screen.getByRole("button", { name: "Pause" })).toHaveFocus();
    expect(screen.getByRole("button")).toHaveAccessibleDescription("It is archived.");
    expect(act).not.toHaveBeenCalled();
  });
});
