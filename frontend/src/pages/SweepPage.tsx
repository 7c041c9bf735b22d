import { Suspense, useEffect, useState } from "react";
import { Link, useSearchParams } from "wouter";

import { isUnfinished, useSweep } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { Boundary } from "../shell/Boundary";
import { LiveMark } from "../shell/LiveMark";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { Tabs } from "../shell/Tabs";
import { useTitle } from "../shell/title";
import { changed } from "../shell/view";
import { Fruitless, isFruitless } from "../sweep/Fruitless";
import { Marks } from "../sweep/Marks";
import { SweepHeader } from "../sweep/SweepHeader";
import { findTab, firstTab, TABS } from "../sweep/tabs";
import { NotFoundPage } from "./NotFoundPage";

export function SweepPage({ id }: { id: number }) {
  const sweep = useSweep(id);
  const [parameters] = useSearchParams();
  const asked = parameters.get("tab");
  useTitle(sweep.data?.name ?? "Sweep");
  // Its code and its sweep arrive side by side; without a tab in the address it will be this one.
  useEffect(() => findTab(asked ?? "compare")?.prepare(), [asked]);
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
          <LiveMark query={sweep} />
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
  // Decided once: no tab opens by itself under the eyes of somebody who watches.
  const [first] = useState(() => firstTab(sweep));
  const { id, Panel } = findTab(parameters.get("tab")) ?? findTab(first) ?? TABS[0]!;
  return (
    <>
      <SweepHeader sweep={sweep} brief={id !== "overview"} />
      <Tabs
        label="Views of the sweep"
        tabs={TABS}
        selected={id}
        onSelect={(tab) => setParameters((previous) => changed(previous, { tab }))}
        onIntent={(tab) => findTab(tab)?.prepare()}
      />
      <div id={`panel-${id}`} role="tabpanel" aria-labelledby={`tab-${id}`} tabIndex={-1}>
        <Boundary key={id}>
          <Suspense fallback={<Skeleton lines={8} height="2rem" />}>
            {id === "compare" && isFruitless(sweep) ? <Fruitless sweep={sweep} /> : <Panel id={sweep.id} sweep={sweep} busy={busy} />}
          </Suspense>
        </Boundary>
      </div>
    </>
  );
}
