/** Who is signed in, and what their role lets them do. */

import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { forgetDrafts } from "../editor/draft";
import { ask, client, Problem } from "./client";
import type { Role, Session, SignIn } from "./types";

export const SESSION = ["session"];

/** So often a server that did not answer is asked again. */
const AGAIN_MS = 4000;

const RANKS: Record<Role, number> = { worker: 0, viewer: 1, editor: 2, admin: 3 };

/** Null: nobody is. */
async function askSession(): Promise<Session | null> {
  try {
    return await ask(client.GET("/api/session"));
  } catch (error) {
    if (error instanceof Problem && error.code === "unauthenticated") return null;
    throw error;
  }
}

export function sessionQuery() {
  return queryOptions({ queryKey: SESSION, queryFn: askSession, staleTime: Infinity });
}

/** The shell asks; everything below it only looks at the answer. */
export function useSessionQuery(asks = true) {
  return useQuery({
    ...sessionQuery(),
    enabled: asks,
    refetchInterval: ({ state }) => state.data === undefined && state.status === "error" && AGAIN_MS,
  });
}

/** Of the last session, nothing may be seen in the next. */
function replaceSession(queries: QueryClient, session: Session | null): void {
  queries.setQueryData(SESSION, session);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
}

interface Permissions {
  session: Session | null | undefined;
  /** Whether the role will do. True until it is known: the server decides in any case. */
  can: (role: Role) => boolean;
  /** Why not, for the place of what a button means. */
  why: (role: Role) => string | undefined;
}

export function useSession(): Permissions {
  const session = useSessionQuery(false).data;
  const can = (role: Role) => session !== null && (!session || RANKS[session.role] >= RANKS[role]);
  const why = (role: Role) => (can(role) ? undefined : `Needs the role ${role}; you are signed in as ${session?.role}.`);
  return { session, can, why };
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: SignIn) => ask(client.POST("/api/session", { body: given })),
    onSuccess: (session) => replaceSession(queries, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ask(client.DELETE("/api/session")),
    onSuccess: () => {
      forgetDrafts();
      replaceSession(queries, null);
    },
  });
}
