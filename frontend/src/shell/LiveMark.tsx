import { useLiveState } from "../live/useLive";
import { clock } from "../text/times";

/** What is shown, as far as its freshness goes. */
interface Shown {
  dataUpdatedAt: number;
  error: Error | null;
}

/** Says whether what is shown is current: "Live", or "Stale since" it was known to be. */
export function LiveMark({ query }: { query: Shown }) {
  const { staleSince, polling } = useLiveState();
  if (query.dataUpdatedAt === 0) return null;
  const since = query.error ? query.dataUpdatedAt : staleSince;
  const meaning = polling ? "No stream of events can be had, so this asks every few seconds." : "Changes show as they happen.";
  return (
    <span className={since === null ? "live-mark" : "live-mark stale"} role="status" title={query.error?.message ?? (since === null ? meaning : STALE)}>
      <span className="live-dot" aria-hidden="true" />
      {since === null ? "Live" : `Stale since ${clock(since)}`}
    </span>
  );
}

const STALE = "Forkpoint or its database does not answer. What is shown may be out of date; it goes on by itself.";
