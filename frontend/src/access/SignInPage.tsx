import { type FormEvent, useEffect, useState } from "react";
import { useLocation } from "wouter";

import { useSessionQuery, useSignIn } from "../api/session";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useTitle } from "../shell/title";
import { takeToken } from "./token";

/** Signs in with the token of the address, if it has one, else with a key that is pasted. */
export function SignInPage() {
  useTitle("Sign in");
  const signIn = useSignIn();
  const [path, navigate] = useLocation();
  const { mutate } = signIn;
  // A link works once; whoever opens it again may well be signed in by it still.
  const spent = signIn.isError && signIn.variables.token !== null;
  const session = useSessionQuery(spent);
  const signedIn = signIn.isSuccess || (spent && !!session.data);

  useEffect(() => {
    const token = takeToken();
    if (token) mutate({ token, key: null });
  }, [mutate]);

  useEffect(() => {
    if (signedIn && path === "/sign-in") navigate("/", { replace: true });
  }, [signedIn, path, navigate]);

  if ((signIn.isPending && signIn.variables.token) || (spent && (session.isPending || signedIn))) return <Skeleton lines={2} />;
  return (
    <section className="card sign-in" aria-label="Sign in">
      <h1>Sign in</h1>
      {signIn.error && <ProblemNotice title="You are not signed in" error={signIn.error} />}
      <KeyForm pending={signIn.isPending} onKey={(key) => signIn.mutate({ token: null, key })} />
      <Remedies />
    </section>
  );
}

function KeyForm({ pending, onKey }: { pending: boolean; onKey: (key: string) => void }) {
  const [key, setKey] = useState("");

  function send(event: FormEvent) {
    event.preventDefault();
    onKey(key.trim());
  }

  return (
    <form className="sign-in-form" onSubmit={send}>
      <label htmlFor="key">API key</label>
      <input id="key" type="password" autoComplete="current-password" placeholder="fp_…" required value={key} onChange={(event) => setKey(event.target.value)} />
      <button type="submit" className="button primary" disabled={pending || key.trim() === ""}>
        {pending ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}

function Remedies() {
  return (
    <div className="small muted">
      <p>You have none?</p>
      <ul>
        <li>
          Forkpoint runs on this machine: open the link that <code>forkpoint up</code> printed, or have <code>forkpoint sign-in</code> print another. Each works once, within a day.
        </li>
        <li>
          It runs elsewhere: ask an admin, who makes a key with <code>forkpoint key create NAME --role viewer</code>.
        </li>
      </ul>
    </div>
  );
}
