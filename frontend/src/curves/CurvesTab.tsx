import { useMemo, useState } from "react";
import { useSearchParams } from "wouter";

import { useSweepMetric } from "../api/queries";
import type { Series, SweepDetail } from "../api/types";
import { MOST_BANDS } from "../charts/band";
import { ArmLegend } from "../charts/ArmLegend";
import { Chart } from "../charts/Chart";
import { useHidden } from "../charts/hidden";
import { armStyles, INK } from "../charts/palette";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useTheme } from "../shell/theme";
import { count, plural } from "../text/numbers";
import { SMOOTHINGS, shownPoints, type Smoothing } from "./means";
import { armsOf, metricOption, PAIR } from "./option";

/** With more arms than this, single seeds are shown only when asked for. */
const FEW_ARMS = 5;

const FIRST_CHOICE = "entropy/mean";

export function CurvesTab({ sweep, busy }: { sweep: SweepDetail; busy: boolean }) {
  const [parameters, setParameters] = useSearchParams();
  const names = useSweepMetric(sweep.id, null, busy);
  const all = names.data?.names ?? [];
  const asked = parameters.get("metric");
  const chosen = asked ?? (all.includes(FIRST_CHOICE) ? FIRST_CHOICE : (all[0] ?? null));
  const metric = useSweepMetric(sweep.id, chosen, busy);

  function choose(name: string) {
    setParameters((previous) => {
      const next = new URLSearchParams(previous);
      next.set("metric", name);
      return next;
    }, { replace: true });
  }

  const error = names.error ?? metric.error;
  if (!names.data || !metric.data) {
    return error ? <ProblemNotice title="The metrics could not be loaded" error={error} /> : <Skeleton lines={8} height="2rem" />;
  }
  if (chosen === null) {
    return (
      <Empty title="No metrics yet">
        <p>They arrive with the first training steps.</p>
      </Empty>
    );
  }
  return (
    <section className="card" aria-label="Metrics over training">
      <div className="card-head">
        <label className="metric-choice">
          <span className="visually-hidden">Metric</span>
          <select value={chosen} onChange={(event) => choose(event.target.value)}>
            {(all.includes(chosen) ? all : [chosen, ...all]).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <Metric sweep={sweep} name={chosen} series={metric.data.series.filter((series) => series.name === chosen)} />
    </section>
  );
}

function Metric({ sweep, name, series }: { sweep: SweepDetail; name: string; series: Series[] }) {
  const theme = useTheme();
  const [hidden, toggle] = useHidden();
  const [focus, setFocus] = useState<string | null>(null);
  const arms = armsOf(series);
  const [asked, setSingles] = useState<boolean | null>(null);
  const singles = asked ?? arms.length <= FEW_ARMS;
  const [smoothing, setSmoothing] = useState<Smoothing>("none");
  const styles = useMemo(() => armStyles(sweep.arms_list, theme), [sweep.arms_list, theme]);
  const option = useMemo(
    () => metricOption(series, { styles, hidden, focus, baseline: sweep.baseline, singles, smoothing, ink: INK[theme] }),
    [series, styles, hidden, focus, sweep.baseline, singles, smoothing, theme],
  );
  const notes = new Map(arms.map(([arm, seeds]) => [arm, seeds.length > 1 ? plural(seeds.length, "seed") : "1 seed, no band"]));
  const partial = shownPoints(series);
  if (arms.length === 0) return <p className="muted">No run has reported {name} yet.</p>;
  return (
    <>
      <p className="chart-note small muted">
        {name} by training step. Thick lines are means over seeds; a seed takes part up to its last step. Bands are 95 % intervals of
        Student’s t over seeds, step by step{bandedArms(arms)}; what goes beyond the plot is cut off.{smoothing !== "none" && " Unsmoothed means are faint behind."}{" "}
        {partial
          ? `Showing ${count(partial.shown)} of ${count(partial.total)} points: of each stretch the smallest and the largest.`
          : "Every reported point is shown."}
      </p>
      <Chart option={option} height={420} label={`${name} over training steps for ${arms.length} arms`} file={`sweep-${sweep.id}-${name.replaceAll("/", "-")}`} />
      <div className="chart-controls">
        <label className="check">
          <input type="checkbox" checked={singles} onChange={(event) => setSingles(event.target.checked)} />
          single seeds
        </label>
        <label className="check">
          smoothing
          <select value={smoothing} onChange={(event) => setSmoothing(event.target.value as Smoothing)}>
            {Object.keys(SMOOTHINGS).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <ArmLegend arms={arms.map(([arm]) => arm)} notes={notes} styles={styles} hidden={hidden} focus={focus} onToggle={toggle} onFocus={setFocus} />
    </>
  );
}

function bandedArms(arms: ReturnType<typeof armsOf>): string {
  if (arms.every(([, seeds]) => seeds.length <= PAIR)) return ", of the arm pointed at, for two seeds make them very wide";
  return arms.length > MOST_BANDS ? ", of the baseline and the arm pointed at" : "";
}
