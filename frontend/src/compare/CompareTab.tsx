import { Problem } from "../api/client";
import { useComparison } from "../api/queries";
import { Notice, SkeletonTab } from "../shell/Notice";
import { useView } from "../shell/view";
import type { TabProps } from "../sweep/tabs";
import { clock } from "../text/times";
import { Compared } from "./Compared";
import { isStop } from "./grid";
import { NotCompared } from "./NotCompared";

/** Arms against a baseline: the heart of the page. */
export function CompareTab({ id, sweep, busy }: TabProps) {
  const [parameters, change] = useView();
  const baseline = parameters.get("baseline");
  const { data, error, isPlaceholderData, dataUpdatedAt } = useComparison(id, baseline, busy, oddK(parameters.get("k")));
  if (error && (!data || isRefusal(error))) {
    return <NotCompared error={error} sweep={sweep} busy={busy} baseline={baseline} onBack={() => change({ baseline: null })} />;
  }
  if (!data) return <SkeletonTab className="compare" pair="compare-charts" />;
  const updating = isPlaceholderData && data.baseline !== (baseline ?? data.submitted_baseline);
  return (
    <>
      {error && (
        <Notice tone="warn" title={`These figures are of ${clock(dataUpdatedAt)}: they could not be brought up to date`}>
          <p className="sentence">{error.message}</p>
        </Notice>
      )}
      <Compared comparison={data} sweep={sweep} busy={busy} updating={updating} />
    </>
  );
}

/** Whether figures that were shown before no longer hold, as when runs were added that are unlike them. */
function isRefusal(error: Error): boolean {
  return error instanceof Problem && (error.code === "conflict" || error.code === "invalid");
}

/** A k that the slider would not stop at by itself: somebody wrote it into the address. */
function oddK(asked: string | null): number | null {
  const k = Number(asked);
  return Number.isInteger(k) && k > 0 && !isStop(k) ? k : null;
}
