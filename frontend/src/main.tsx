import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { isUnauthenticated, isUnreachable } from "./api/client";
import { SESSION } from "./api/session";
import { App } from "./App";
import { Live } from "./live/stream";
import { LiveContext } from "./live/useLive";
import { prefetch } from "./prefetch";
import { applyTheme } from "./shell/theme";
import "./styles/index.css";

applyTheme();

/** A session may end while the page is open: whoever notices brings back the way in. */
function noteEnd(error: Error): void {
  if (isUnauthenticated(error)) queries.setQueryData(SESSION, null);
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteEnd }),
  mutationCache: new MutationCache({ onError: noteEnd }),
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && isUnreachable(error),
      // News make what is shown stale at once; this is for what is shown in two places, or again.
      staleTime: 10_000,
    },
  },
});

const live = new Live(queries);
prefetch(queries, window.location);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <LiveContext value={live}>
          <App />
        </LiveContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}
