import { useSession, useSignOut } from "../api/session";

/** Who is signed in, in the header, and the way out. */
export function Account() {
  const { session } = useSession();
  const signOut = useSignOut();
  if (!session) return null;
  return (
    <div className="account">
      <span className="account-who" title={`Signed in as ${session.name}, ${session.role}`}>
        {session.name} <span className="tag">{session.role}</span>
      </span>
      <button type="button" className="icon-button" disabled={signOut.isPending} onClick={() => signOut.mutate()} aria-label="Sign out" title={`Sign out ${session.name}`}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round">
          <path d="M8 4H5.5A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8M12.5 6.5 16 10l-3.5 3.5M16 10H8" />
        </svg>
      </button>
    </div>
  );
}
