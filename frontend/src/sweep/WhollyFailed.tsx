import { Link } from "wouter";

import { useSweepRuns } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { Notice } from "../shell/Notice";
import { plural } from "../text/numbers";
import { FAILURES } from "../text/words";

/** Why there is no comparison: how the first run failed, and where to read on. */
export function WhollyFailed({ sweep }: { sweep: SweepDetail }) {
  const runs = useSweepRuns(sweep.id, false).data?.runs ?? [];
  const first = runs.find(({ status }) => status === "failed");
  if (!first) return null;
  const alike = runs.filter(({ failure }) => failure === first.failure).length;
  return (
    <Notice tone="danger" title="No run succeeded, so there is nothing to compare">
      <p>
        {first.failure ? `${FAILURES[first.failure]}, ${plural(alike, "run")} of ${sweep.progress.total}.` : "The first failed."} What it
        means and what to do is on the page of <Link href={`/runs/${first.id}`}>run {first.id}</Link>.
      </p>
      {first.error && <pre className="wrap">{first.error}</pre>}
    </Notice>
  );
}
