import { Link, useSearchParams } from "wouter";

import { isUnfinished, pace, useSweep } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { CompareTab } from "../compare/CompareTab";
import { CurvesTab } from "../curves/CurvesTab";
import { LiveMark } from "../shell/LiveMark";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { Tabs } from "../shell/Tabs";
import { useTitle } from "../shell/title";
import { Marks } from "../sweep/Marks";
import { RunsTab } from "../sweep/RunsTab";
import { SweepHeader } from "../sweep/SweepHeader";
import { isWhollyFailed, WhollyFailed } from "../sweep/WhollyFailed";
import { NotFoundPage } from "./NotFoundPage";

const TABS = [
  { id: "compare", label: "Compare" },
  { id: "curves", label: "Curves" },
  { id: "runs", label: "Runs" },
] as const;

type TabId = (typeof TABS)[number]["id"];

export function SweepPage({ id }: { id: number }) {
  const sweep = useSweep(id);
  useTitle(sweep.data?.name ?? "Sweep");
  if (!Number.isInteger(id)) return <NotFoundPage />;
  const busy = sweep.data ? isUnfinished(sweep.data.progress) : true;
  return (
    <>
      <div className="page-head">
        <nav className="crumbs small" aria-label="Where this is">
          <Link href="/">Sweeps</Link>
        </nav>
        <div className="page-title">
          <h1>{sweep.data?.name ?? `Sweep ${id}`}</h1>
          {sweep.data && <Marks sweep={sweep.data} />}
          <LiveMark dataUpdatedAt={sweep.dataUpdatedAt} error={sweep.error} expectedMs={pace(busy)} />
        </div>
      </div>
      {sweep.error && !sweep.data && <ProblemNotice title="The sweep could not be loaded" error={sweep.error} />}
      {!sweep.data && !sweep.error && <Skeleton lines={8} height="2rem" />}
      {sweep.data && <Loaded sweep={sweep.data} busy={busy} />}
    </>
  );
}

function Loaded({ sweep, busy }: { sweep: SweepDetail; busy: boolean }) {
  const [parameters, setParameters] = useSearchParams();
  const tab: TabId = TABS.find(({ id }) => id === parameters.get("tab"))?.id ?? "compare";

  function open(next: TabId) {
    setParameters((previous) => {
      const changed = new URLSearchParams(previous);
      changed.set("tab", next);
      return changed;
    });
  }

  return (
    <>
      <SweepHeader sweep={sweep} />
      <Tabs label="Views of the sweep" tabs={TABS} selected={tab} onSelect={open} />
      <div id={`panel-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "compare" && (isWhollyFailed(sweep) ? <WhollyFailed sweep={sweep} /> : <CompareTab id={sweep.id} busy={busy} />)}
        {tab === "curves" && <CurvesTab sweep={sweep} busy={busy} />}
        {tab === "runs" && <RunsTab runs={sweep.runs} />}
      </div>
    </>
  );
}
