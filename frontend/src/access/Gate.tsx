import type { ReactNode } from "react";
import { useLocation } from "wouter";

import { useSessionQuery } from "../api/session";
import { ProblemNotice, Skeleton } from "../shell/Notice";
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
  if (!session.data && session.error) return <ProblemNotice title="Forkpoint cannot be reached" error={session.error} />;
  return <>{children}</>;
}
