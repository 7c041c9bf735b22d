import { clock } from "../text/times";
import { useNow } from "./now";

interface Freshness {
  dataUpdatedAt: number;
  isError: boolean;
  /** How long data may go without an update before it counts as stale. */
  expectedMs: number;
}

/** Says whether what is shown is current: "Live", or "Stale since" the last answer. */
export function LiveMark({ dataUpdatedAt, isError, expectedMs }: Freshness) {
  const now = useNow(1000);
  if (dataUpdatedAt === 0) return null;
  const stale = isError || now - dataUpdatedAt > 3 * expectedMs + 3000;
  return (
    <span className={stale ? "live-mark stale" : "live-mark"} role="status">
      <span className="live-dot" aria-hidden="true" />
      {stale ? `Stale since ${clock(dataUpdatedAt)}` : "Live"}
    </span>
  );
}
