import { useMemo } from "react";

import { useComparison, useConclusion } from "../api/queries";
import type { Comparison, Conclusion } from "../api/types";
import { save } from "../charts/downloads";
import { armStyles } from "../charts/palette";
import { ConfirmArm } from "../confirm/ConfirmArm";
import { Notice, ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { useTheme } from "../shell/theme";
import { useView } from "../shell/view";
import { plural } from "../text/numbers";
import { ArmsTable } from "./ArmsTable";
import { comparisonCsv } from "./columns";
import { HeatMap } from "./HeatMap";
import { KSlider } from "./KSlider";
import { PassCurves } from "./PassCurves";
import { SuccessRates } from "./SuccessRates";

/** So long the slider stands still before the words follow it. */
const SETTLED_MS = 150;

export function CompareTab({ id, busy }: { id: number; busy: boolean }) {
  const comparison = useComparison(id, busy);
  if (comparison.data) return <Compared comparison={comparison.data} busy={busy} />;
  if (comparison.error) return <ProblemNotice title="The arms could not be compared" error={comparison.error} />;
  return <Skeleton lines={8} height="2rem" />;
}

function Compared({ comparison, busy }: { comparison: Comparison; busy: boolean }) {
  const theme = useTheme();
  const [parameters, change] = useView();
  const styles = useMemo(() => armStyles(comparison.arms, theme), [comparison.arms, theme]);
  const { ks } = comparison;
  const asked = ks.indexOf(Number(parameters.get("k")));
  const index = asked >= 0 ? asked : Math.max(0, ks.length - 1);
  const k = ks[index] ?? 1;
  const selected = parameters.get("arm");
  const words = useConclusion(comparison, useSettled(k, SETTLED_MS), busy);
  const sentences = words.data?.sentences ?? {};

  const select = (arm: string) => change({ arm: arm === selected ? null : arm });

  return (
    <div className="compare">
      {words.error && !words.data ? (
        <ProblemNotice title="The conclusion could not be loaded" error={words.error} />
      ) : (
        <Words words={words.data} note={comparison.interval_note} />
      )}
      <div className="compare-bar">
        <KSlider ks={ks} k={k} onK={(next) => change({ k: String(next) })} />
        <p className="small muted">
          {plural(comparison.problems, "problem")}, {plural(comparison.samples, "sample")} each, against <b>{comparison.baseline}</b>
        </p>
      </div>
      <div className="compare-charts">
        <section className="card" aria-labelledby="heat-title">
          <div className="card-head">
            <h2 id="heat-title">Δ pass@{k} against the baseline</h2>
          </div>
          <HeatMap comparison={comparison} index={index} sentences={sentences} selected={selected} onSelect={select} />
        </section>
        <section className="card" aria-labelledby="curves-title">
          <div className="card-head">
            <h2 id="curves-title">pass@k curves</h2>
          </div>
          <PassCurves comparison={comparison} k={k} selected={selected} />
        </section>
      </div>
      <section className="card" aria-labelledby="rates-title">
        <div className="card-head">
          <h2 id="rates-title">Success rates</h2>
        </div>
        <SuccessRates comparison={comparison} index={index} selected={selected} styles={styles} />
      </section>
      <section className="card flush" aria-labelledby="arms-title">
        <div className="card-head">
          <h2 id="arms-title">Arms at k = {k}</h2>
          <span className="card-actions">
            <ConfirmArm id={comparison.sweep_id} arms={comparison.arms} selected={selected} />
            <button type="button" className="button quiet" onClick={() => downloadCsv(comparison)}>
              CSV, every k
            </button>
            <a className="button quiet" href={`/api/sweeps/${comparison.sweep_id}/export.csv`} download>
              CSV, every grade
            </a>
          </span>
        </div>
        <ArmsTable comparison={comparison} index={index} sentences={sentences} styles={styles} selected={selected} onSelect={select} />
      </section>
    </div>
  );
}

/** What may be said, what limits it, and what the intervals leave out: before any number. */
function Words({ words, note }: { words: Conclusion | undefined; note: string }) {
  if (!words) return <Skeleton lines={3} />;
  return (
    <section className="conclusion" aria-label="Conclusion">
      <p className="conclusion-text">{words.conclusion}</p>
      <p className="small muted">{note}</p>
      {words.warnings.length > 0 && (
        <Notice tone="warn">
          <ul className="small warnings">
            {words.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  );
}

function downloadCsv(comparison: Comparison): void {
  const url = URL.createObjectURL(new Blob([comparisonCsv(comparison.arms, comparison.ks)], { type: "text/csv" }));
  save(url, `sweep-${comparison.sweep_id}-comparison.csv`);
  URL.revokeObjectURL(url);
}
