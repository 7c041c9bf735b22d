import { useId, useState, type ReactNode } from "react";

import { Dialog } from "./Dialog";
import { ProblemNotice } from "./Notice";

interface Props {
  title: string;
  /** What the button says that does it. */
  verb: string;
  /** What the button says that does not. */
  otherwise?: string;
  children?: ReactNode;
  danger?: boolean;
  /** What is given cannot be sent yet. */
  incomplete?: boolean;
  /** Whether a reason is kept with it. */
  reasoned?: boolean;
  busy: boolean;
  error: Error | null;
  onAct: (reason: string) => void;
  onClose: () => void;
}

const LONGEST_REASON = 500;

/** The step before something is done that matters: what it means, and why, for whoever asks later. */
export function AskDialog({ title, verb, otherwise = "Close", children, danger = false, incomplete = false, reasoned = true, busy, error, onAct, onClose }: Props) {
  const id = useId();
  const [reason, setReason] = useState("");

  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSend={() => {
        if (!busy && !incomplete) onAct(reason.trim());
      }}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            {otherwise}
          </button>
          <button type="submit" className={danger ? "button danger" : "button primary"} disabled={busy || incomplete}>
            {busy ? "Working…" : verb}
          </button>
        </>
      }
    >
      {children}
      {reasoned && (
        <div className="field">
          <label htmlFor={id}>
            Reason<span className="field-hint">optional; kept in the history</span>
          </label>
          <input id={id} value={reason} maxLength={LONGEST_REASON} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
        </div>
      )}
      {error && <ProblemNotice title="That was not done" error={error} />}
    </Dialog>
  );
}
