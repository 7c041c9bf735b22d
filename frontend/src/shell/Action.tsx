import { useId } from "react";

interface Props {
  label: string;
  meaning: string;
  onAct: () => void;
  disabled: boolean;
  /** Why it cannot be done now, in place of the meaning. */
  reason?: string;
  danger?: boolean;
}

/** A button with its one-line meaning. */
export function Action({ label, meaning, onAct, disabled, reason, danger = false }: Props) {
  const id = useId();
  return (
    <div className="action">
      <button type="button" className={danger ? "button danger" : "button"} disabled={disabled} onClick={onAct} aria-describedby={id}>
        {label}
      </button>
      <span id={id} className="small muted">
        {disabled && reason ? reason : meaning}
      </span>
    </div>
  );
}
