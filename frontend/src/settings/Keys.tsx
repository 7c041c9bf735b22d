import { useState } from "react";

import { useKeyRevocation, useKeys } from "../api/admin";
import { useSession } from "../api/session";
import type { Key, NewKey } from "../api/types";
import { AskDialog } from "../shell/AskDialog";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { ago, exact } from "../text/times";
import { KeyForm } from "./KeyForm";
import { Secret } from "./Secret";

/** API keys: who has one, and what it lets them do. */
export function Keys() {
  const keys = useKeys();
  const [made, setMade] = useState<NewKey | null>(null);
  const [revoked, setRevoked] = useState<Key | null>(null);
  return (
    <section className="card settings-section" aria-labelledby="keys-title">
      <h2 id="keys-title">API keys</h2>
      <p className="small muted">
        Viewers read, editors steer as well, admins give out keys; the role worker is for machines. A key signs in here, and is sent
        by programs as <code>Authorization: Bearer …</code>
      </p>
      <KeyForm onMade={setMade} />
      {made && <Secret title={`The key of ${made.name}, ${made.role}`} label="Key" text={made.key} onDone={() => setMade(null)} />}
      {keys.error && !keys.data && <ProblemNotice title="The keys could not be loaded" error={keys.error} />}
      {!keys.data && !keys.error && <Skeleton lines={3} />}
      {keys.data && <KeyTable keys={keys.data} onRevoke={setRevoked} />}
      {revoked && <Revoke revoked={revoked} onClose={() => setRevoked(null)} />}
    </section>
  );
}

function KeyTable({ keys, onRevoke }: { keys: Key[]; onRevoke: (key: Key) => void }) {
  const now = useNow(30_000);
  const own = useSession().session?.key_id;
  return (
    <div className="scroll-box">
      <table className="list cards keys">
        <caption className="visually-hidden">Keys, those in use first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">State</th>
            <th scope="col">Last used</th>
            <th scope="col">Made</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id} className={isUsable(key, now) ? undefined : "faded"}>
              <td data-label="Name">
                <span>
                  <b>{key.name}</b> {key.id === own && <span className="tag">yours</span>}
                </span>
              </td>
              <td data-label="Role">{key.role}</td>
              <td data-label="State">{stateOf(key, now)}</td>
              <td data-label="Last used">{key.used_at ? <When at={key.used_at} now={now} /> : <span className="muted">never</span>}</td>
              <td data-label="Made">
                <span>
                  <When at={key.created_at} now={now} /> <span className="muted">by {key.created_by}</span>
                </span>
              </td>
              <td className="row-actions">
                {key.revoked_at === null && (
                  <button type="button" className="button quiet" aria-label={`Revoke the key of ${key.name}`} onClick={() => onRevoke(key)}>
                    Revoke…
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function When({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at, now)}
    </time>
  );
}

function isUsable(key: Key, now: number): boolean {
  return key.revoked_at === null && (key.expires_at === null || Date.parse(key.expires_at) > now);
}

function stateOf(key: Key, now: number): string {
  if (key.revoked_at) return `revoked ${ago(key.revoked_at, now)}`;
  if (!key.expires_at) return "valid until revoked";
  return `${isUsable(key, now) ? "expires" : "expired"} ${exact(key.expires_at)}`;
}

function Revoke({ revoked, onClose }: { revoked: Key; onClose: () => void }) {
  const revocation = useKeyRevocation();
  const own = useSession().session?.key_id === revoked.id;
  return (
    <AskDialog
      title={`Revoke the key of ${revoked.name}?`}
      verb="Revoke"
      danger
      reasoned={false}
      busy={revocation.isPending}
      error={revocation.error}
      onClose={onClose}
      onAct={() => revocation.mutate(revoked.id, { onSuccess: onClose })}
    >
      <p>It is refused from now on, and so are the sessions begun with it. This cannot be undone; a new key can be made.</p>
      {own && <p>You are signed in with this key: you will be signed out.</p>}
    </AskDialog>
  );
}
