import { useId } from "react";

import { useSession } from "../api/session";
import type { Role } from "../api/types";

interface Props {
  label: string;
  meaning: string;
  onAct: () => void;
  disabled: boolean;
  /** Why it cannot be done now, in place of the meaning. */
  reason?: string;
  danger?: boolean;
  /** The role it takes. */
  needs?: Role;
}

/** A button with its one-line meaning. */
export function Action({ label, meaning, onAct, disabled, reason, danger = false, needs = "editor" }: Props) {
  const id = useId();
  const { can, why } = useSession();
  const forbidden = why(needs);
  return (
    <div className="action">
      <button type="button" className={danger ? "button danger" : "button"} disabled={disabled || !can(needs)} onClick={onAct} aria-describedby={id}>
        {label}
      </button>
      <span id={id} className="small muted">
        {forbidden ?? (disabled && reason ? reason : meaning)}
      </span>
    </div>
  );
}
