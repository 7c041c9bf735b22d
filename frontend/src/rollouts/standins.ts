/** The network alone is a stand-in in tests. Imported first: the client takes it when it is made. */

import { vi } from "vitest";

export const network = vi.fn<(request: Request) => Promise<Response>>();

globalThis.Request = class extends Request {
  constructor(address: string, init?: RequestInit) {
    super(new URL(address, "http://page.example"), init);
  }
} as typeof Request;
globalThis.fetch = network as typeof fetch;
window.matchMedia = () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
