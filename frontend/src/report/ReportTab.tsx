import { useState } from "react";

import { useComparison } from "../api/queries";
import { reportAddress, type ReportView, useReport } from "../api/reports";
import type { Progress } from "../api/types";
import { KSlider } from "../compare/KSlider";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { useView } from "../shell/view";
import type { TabProps } from "../sweep/tabs";
import { clock } from "../text/times";

/** The page that is kept, sent or printed, to read here and to take along. */
export function ReportTab({ id, sweep, busy }: TabProps) {
  const [parameters, change] = useView();
  const ks = useComparison(id, parameters.get("baseline"), busy).data?.ks ?? [];
  const asked = useSettled(parameters.get("k") ?? "");
  const view = viewOf(asked, parameters.get("baseline"));
  const report = useReport(id, view);
  const [seen, setSeen] = useState({ madeAt: 0, ended: 0 });
  const ended = endedRuns(sweep.progress);
  if (report.dataUpdatedAt !== seen.madeAt) setSeen({ madeAt: report.dataUpdatedAt, ended });
  const k = Number(parameters.get("k")) || (ks.at(-1) ?? 1);

  return (
    <>
      <div className="report-bar">
        {ks.length > 1 && <KSlider ks={ks} k={k} onK={(next) => change({ k: String(next) })} />}
        <div className="card-actions">
          <a className="button" href={reportAddress(id, "html", view)} download={`sweep-${id}-report.html`}>
            Download HTML
          </a>
          <a className="button" href={reportAddress(id, "md", view)} download={`sweep-${id}-report.md`}>
            Download Markdown
          </a>
          <a className="button" href={reportAddress(id, "html", view)} target="_blank" rel="noreferrer">
            Open alone
          </a>
        </div>
      </div>
      {report.error && <ProblemNotice title="The report could not be made" error={report.error} />}
      {ended !== seen.ended && report.data && (
        <p className="aside small" role="status">
          Runs have ended since it was made at {clock(seen.madeAt)}.{" "}
          <button type="button" className="button quiet" disabled={report.isFetching} onClick={() => report.refetch()}>
            Make it again
          </button>
        </p>
      )}
      {!report.data && !report.error && (
        <>
          <p className="small muted">Writing the report, with its figures: a moment.</p>
          <Skeleton lines={8} height="2rem" />
        </>
      )}
      {report.data && <ReportFrame name={sweep.name} html={report.data} outdated={report.isPlaceholderData} />}
    </>
  );
}

/** In a sandbox with no rights at all: no script, no form, no part in this page's origin. */
function ReportFrame({ name, html, outdated }: { name: string; html: string; outdated: boolean }) {
  return <iframe className={outdated ? "report-frame outdated" : "report-frame"} title={`Report of ${name}`} sandbox="" srcDoc={html} />;
}

function viewOf(k: string, baseline: string | null): ReportView {
  return { ...(Number(k) > 0 && { k: Number(k) }), ...(baseline && { baseline }) };
}

function endedRuns({ succeeded, failed, cancelled }: Progress): number {
  return succeeded + failed + cancelled;
}
