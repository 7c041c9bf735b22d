import type { ReactNode } from "react";
import { useLocation } from "wouter";

import { isUnreachable } from "../api/client";
import { useSessionQuery } from "../api/session";
import { Empty, Skeleton } from "../shell/Notice";
import { useTitle } from "../shell/title";
import { SignInPage } from "./SignInPage";

/** What is behind it is shown to whoever is signed in; everybody else may sign in, right here. */
export function Gate({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  return path === "/sign-in" ? <SignInPage /> : <Guarded>{children}</Guarded>;
}

function Guarded({ children }: { children: ReactNode }) {
  const session = useSessionQuery();
  if (session.isPending) return <Skeleton lines={6} />;
  if (session.data === null) return <SignInPage />;
  if (!session.data && session.error) return <Unreached error={session.error} />;
  return <>{children}</>;
}

/** Before anything is known, and asked for again meanwhile. */
function Unreached({ error }: { error: Error }) {
  useTitle("Not reached");
  return (
    <Empty title="Forkpoint cannot be reached" whole>
      <p>{isUnreachable(error) ? "Its server does not answer: it may be starting, stopped, or out of this browser’s reach." : error.message}</p>
      <p>This page asks again every few seconds.</p>
    </Empty>
  );
}
