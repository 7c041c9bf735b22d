import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// On a machine with much else to do, what is waited for may take seconds.
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no media queries: here the page is wide, light, and may move.
window.matchMedia ??= () => ({ matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;

afterEach(cleanup);
