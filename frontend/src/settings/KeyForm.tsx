import { useId, useState, type FormEvent } from "react";

import { useKeyCreation } from "../api/admin";
import type { NewKey, Role } from "../api/types";
import { ProblemNotice } from "../shell/Notice";

const ROLES: Role[] = ["viewer", "editor", "admin", "worker"];
const LIFETIMES = [
  { days: 7, words: "a week" },
  { days: 30, words: "30 days" },
  { days: 90, words: "90 days" },
  { days: 365, words: "a year" },
  { days: 0, words: "until revoked" },
];
const DAY_MS = 86_400_000;

/** A new key: for whom, with which role, for how long. */
export function KeyForm({ onMade }: { onMade: (key: NewKey) => void }) {
  const id = useId();
  const creation = useKeyCreation();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [days, setDays] = useState(90);

  function send(event: FormEvent) {
    event.preventDefault();
    const expires_at = days > 0 ? new Date(Date.now() + days * DAY_MS).toISOString() : null;
    creation.mutate(
      { name: name.trim(), role, expires_at },
      {
        onSuccess: (key) => {
          setName("");
          onMade(key);
        },
      },
    );
  }

  return (
    <form className="settings-form" onSubmit={send} aria-label="New key">
      <div className="field">
        <label htmlFor={`${id}-name`}>For whom</label>
        <input id={`${id}-name`} value={name} maxLength={100} autoComplete="off" placeholder="ada" onChange={(event) => setName(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor={`${id}-role`}>Role</label>
        <select id={`${id}-role`} value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {ROLES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-days`}>Lasts</label>
        <select id={`${id}-days`} value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {LIFETIMES.map((one) => (
            <option key={one.days} value={one.days}>
              {one.words}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" className="button primary" disabled={name.trim() === "" || creation.isPending}>
        Make a key
      </button>
      {creation.error && (
        <div className="wide">
          <ProblemNotice title="No key was made" error={creation.error} />
        </div>
      )}
    </form>
  );
}
