import { useComparison } from "../api/queries";
import type { Problem } from "../api/client";
import { Skeleton } from "../shell/Notice";
import { useView } from "../shell/view";
import type { TabProps } from "../sweep/tabs";
import { Compared } from "./Compared";
import { NotCompared } from "./NotCompared";

/** Arms against a baseline: the heart of the page. */
export function CompareTab({ id, sweep, busy }: TabProps) {
  const [parameters, change] = useView();
  const baseline = parameters.get("baseline");
  const { data, error, isPlaceholderData } = useComparison(id, baseline, busy);
  if (data) return <Compared comparison={data} sweep={sweep} busy={busy} updating={isPlaceholderData} />;
  if (error) return <NotCompared error={error as Problem} sweep={sweep} busy={busy} baseline={baseline} onBack={() => change({ baseline: null })} />;
  return <Loading />;
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
