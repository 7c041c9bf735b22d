import { useComparison } from "../api/queries";
import type { Problem } from "../api/client";
import { Skeleton } from "../shell/Notice";
import { useView } from "../shell/view";
import type { TabProps } from "../sweep/tabs";
import { Compared } from "./Compared";
import { isStop } from "./grid";
import { NotCompared } from "./NotCompared";

/** Arms against a baseline: the heart of the page. */
export function CompareTab({ id, sweep, busy }: TabProps) {
  const [parameters, change] = useView();
  const baseline = parameters.get("baseline");
  const { data, error, isPlaceholderData } = useComparison(id, baseline, busy, oddK(parameters.get("k")));
  if (data) {
    const updating = isPlaceholderData && data.baseline !== (baseline ?? data.submitted_baseline);
    return <Compared comparison={data} sweep={sweep} busy={busy} updating={updating} />;
  }
  if (error) return <NotCompared error={error as Problem} sweep={sweep} busy={busy} baseline={baseline} onBack={() => change({ baseline: null })} />;
  return <Loading />;
}

/** A k that the slider would not stop at by itself: somebody wrote it into the address. */
function oddK(asked: string | null): number | null {
  const k = Number(asked);
  return Number.isInteger(k) && k > 0 && !isStop(k) ? k : null;
}

/** The shape of what is coming. */
function Loading() {
  return (
    <div className="compare">
      <Skeleton lines={2} height="1.6rem" />
      <div className="compare-charts">
        <div className="card loading-card">
          <Skeleton lines={6} height="3rem" />
        </div>
        <div className="card loading-card">
          <Skeleton lines={6} height="3rem" />
        </div>
      </div>
    </div>
  );
}
