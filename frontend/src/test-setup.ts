import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

import { network } from "./standins";

// On a machine with much else to do, what is waited for may take seconds.
configure({ asyncUtilTimeout: 10_000 });

// The network alone is a stand-in: the client takes both when it is made, which is later.
globalThis.fetch = network as typeof fetch;
globalThis.Request = class extends Request {
  constructor(address: string, init?: RequestInit) {
    super(new URL(address, window.location.origin), init);
  }
} as typeof Request;

// jsdom has no media queries: here the page is wide, light, and may move.
window.matchMedia ??= () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

// Nor has it sizes that change, or dialogs.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.setAttribute("open", "");
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.removeAttribute("open");
  this.dispatchEvent(new Event("close"));
};

beforeEach(() => void network.mockReset());
afterEach(cleanup);
