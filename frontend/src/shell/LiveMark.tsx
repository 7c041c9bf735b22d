import { clock } from "../text/times";
import { useNow } from "./now";

interface Freshness {
  dataUpdatedAt: number;
  error: Error | null;
  /** How long data may go without an update before it counts as stale. */
  expectedMs: number;
}

/** Says whether what is shown is current: "Live", or "Stale since" the last answer. */
export function LiveMark({ dataUpdatedAt, error, expectedMs }: Freshness) {
  const now = useNow(1000);
  if (dataUpdatedAt === 0) return null;
  const stale = error !== null || now - dataUpdatedAt > 3 * expectedMs + 3000;
  return (
    <span className={stale ? "live-mark stale" : "live-mark"} role="status" title={error?.message}>
      <span className="live-dot" aria-hidden="true" />
      {stale ? `Stale since ${clock(dataUpdatedAt)}` : "Live"}
    </span>
  );
}
