/** What tests of the page stand on: a network that answers as it is told, and the page around one of its parts. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";

import type { ErrorReply } from "./api/types";

/** Hears every request of the page. In every test anew, nobody answers until it says what is answered. */
export const network = vi.fn<(request: Request) => Promise<Response>>(() => Promise.reject(new TypeError("nobody is there")));

export function reply(body: object | null, status = 200): Response {
  return new Response(body && JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

export function refusal(status: number, code: ErrorReply["code"], message: string, errors: ErrorReply["errors"] = []): Response {
  return reply({ code, message, errors }, status);
}

/** What was asked of the network, the first first. */
export function requests(method?: string): Request[] {
  return network.mock.calls.map(([request]) => request).filter((request) => method === undefined || request.method === method);
}

/** The addresses that were asked, without the host. */
export function asked(method?: string): string[] {
  return requests(method).map(addressOf);
}

/** What was sent to which address. */
export function sent(method = "POST"): Promise<{ path: string; body: unknown }[]> {
  return Promise.all(requests(method).map(async (request) => ({ path: addressOf(request), body: bodyOf(await request.clone().text()) })));
}

function addressOf({ url }: Request): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function bodyOf(text: string): unknown {
  return text === "" ? null : JSON.parse(text);
}

/** Queries that fail at once. */
export function newQueries({ staleTime = 0 } = {}): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false, staleTime } } });
}

/** A part of the page, at the address of the window. */
export function mount(part: ReactNode, queries = newQueries()) {
  return { ...render(<QueryClientProvider client={queries}>{part}</QueryClientProvider>), queries };
}

/** A part of the page at an address of its own, and where it leads: the whole address, or its parameters. */
export function mountAt(start: string, part: ReactNode, queries = newQueries()) {
  const { hook, searchHook, history } = memoryLocation({ path: start, record: true });
  mount(
    <Router hook={hook} searchHook={searchHook}>
      {part}
    </Router>,
    queries,
  );
  const place = () => history.at(-1) ?? start;
  return { queries, place, address: () => new URLSearchParams(place().split("?")[1]) };
}

/** Leaves everything out of view until what this returns is called. */
export function outOfView(): () => void {
  const look: (() => void)[] = [];
  globalThis.IntersectionObserver = class {
    constructor(see: IntersectionObserverCallback) {
      look.push(() => see([{ isIntersecting: true } as IntersectionObserverEntry], this as unknown as IntersectionObserver));
    }
    observe() {}
    disconnect() {}
  } as unknown as typeof IntersectionObserver;
  return () => act(() => look.forEach((see) => see()));
}
