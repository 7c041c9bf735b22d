import type { RunStatus } from "../api/types";

/** A run's state: a dot with its name. */
export function Status({ status }: { status: RunStatus }) {
  return (
    <span className="status">
      <span className={`dot fill-${status}`} aria-hidden="true" />
      {status}
    </span>
  );
}
