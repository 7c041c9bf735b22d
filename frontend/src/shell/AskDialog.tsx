import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";

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
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [reason, setReason] = useState("");
  const [before] = useState(() => document.activeElement);

  useEffect(() => dialog.current?.showModal(), []);

  // A dialog that is taken away without having been closed keeps the focus it took.
  useEffect(() => () => (before as HTMLElement | null)?.focus(), [before]);

  function send(event: FormEvent) {
    event.preventDefault();
    if (!busy && !incomplete) onAct(reason.trim());
  }

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} onClose={onClose}>
      <form onSubmit={send}>
        <h2 id={`${id}-title`}>{title}</h2>
        {children}
        {reasoned && (
          <div className="field">
            <label htmlFor={`${id}-reason`}>
              Reason<span className="field-hint">optional; kept in the history</span>
            </label>
            <input id={`${id}-reason`} value={reason} maxLength={LONGEST_REASON} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
          </div>
        )}
        {error && <ProblemNotice title="That was not done" error={error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {otherwise}
          </button>
          <button type="submit" className={danger ? "button danger" : "button primary"} disabled={busy || incomplete}>
            {busy ? "Working…" : verb}
          </button>
        </div>
      </form>
    </dialog>
  );
}
