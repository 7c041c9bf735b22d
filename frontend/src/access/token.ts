/** The token of a sign-in link stands behind the #, which no server and no other page is told. */

/** The token of the address, once: it leaves the address, and with that the history. */
export function takeToken(): string | null {
  if (window.location.pathname !== "/sign-in") return null;
  const token = window.location.hash.slice(1);
  if (token === "") return null;
  window.history.replaceState(window.history.state, "", "/sign-in");
  return token;
}
