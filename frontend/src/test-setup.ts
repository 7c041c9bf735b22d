import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// On a machine with much else to do, what is waited for may take seconds.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
