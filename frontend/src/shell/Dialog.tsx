import { useEffect, useId, useRef, useState, type ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  /** Beside the button that closes it, or that button too. */
  actions: ReactNode;
  onClose: () => void;
  onSend?: () => void;
}

/** A question, or an answer to read, before which the rest of the page waits. Its owner takes it away. */
export function Dialog({ title, children, actions, onClose, onSend }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [before] = useState(() => document.activeElement);

  useEffect(() => dialog.current?.showModal(), []);

  // A dialog that is taken away without having been closed keeps the focus it took.
  useEffect(() => () => (before as HTMLElement | null)?.focus(), [before]);

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSend?.();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div className="dialog-actions">{actions}</div>
      </form>
    </dialog>
  );
}
