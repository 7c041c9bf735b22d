import { useMemo } from "react";

import { useConclusion } from "../api/queries";
import type { Comparison, SweepDetail } from "../api/types";
import { armStyles } from "../charts/palette";
import { Card } from "../shell/Card";
import { useSettled } from "../shell/settled";
import { useTheme } from "../shell/theme";
import { plural } from "../text/numbers";
import { ArmsCard } from "./ArmsCard";
import { BaselineChoice } from "./BaselineChoice";
import { brushWords } from "./brush";
import { useBrushing } from "./brushing";
import { useChoices } from "./choices";
import { ConfigDiff } from "./ConfigDiff";
import { gridsOf } from "./grid";
import { HeatCard } from "./HeatCard";
import { KSlider } from "./KSlider";
import { NothingYet } from "./NothingYet";
import { ParallelCard } from "./ParallelCard";
import { PassCurves } from "./PassCurves";
import { RatesCard } from "./RatesCard";
import { Words } from "./Words";

/** So long the slider stands still before the words follow it. */
const SETTLED_MS = 150;
/** A grid of more columns takes the whole width. */
const WIDE = 6;
const NO_WORDS: Record<string, string> = {};

interface Props {
  comparison: Comparison;
  sweep: SweepDetail;
  busy: boolean;
  /** Whether figures against another baseline are on their way. */
  updating: boolean;
}

export function Compared({ comparison, sweep, busy, updating }: Props) {
  const theme = useTheme();
  const choices = useChoices(comparison);
  const { k, index, selected } = choices;
  const styles = useMemo(() => armStyles(sweep.arms_list, theme), [sweep.arms_list, theme]);
  const words = useConclusion(comparison, useSettled(k, SETTLED_MS), busy);
  const sentences = words.data?.sentences ?? NO_WORDS;
  const brushing = useBrushing(comparison, sweep, k);
  const widest = useMemo(() => Math.max(0, ...gridsOf(comparison.arms, 0).map(({ kappas }) => kappas.length)), [comparison.arms]);
  const graded = comparison.arms.some((arm) => arm.pass_at);
  const shared = { comparison, index, k, selected, styles, sentences, within: brushing.within };

  return (
    <div className={updating ? "compare updating" : "compare"} aria-busy={updating}>
      <Words words={words} note={comparison.interval_note} />
      <div className="compare-bar">
        <KSlider ks={comparison.ks} k={k} onK={choices.onK} />
        <BaselineChoice comparison={comparison} onChoose={choices.onBaseline} />
        <p className="small muted">
          {plural(comparison.problems, "problem")}, {plural(comparison.samples, "sample")} each
        </p>
        <p className="small brushed" role="status">
          {brushing.within && (
            <>
              {brushing.within.size} of {plural(comparison.arms.length, "arm")}: {brushWords(brushing.brush, brushing.axes)}{" "}
              <button type="button" className="link" onClick={brushing.onClear}>
                Show all
              </button>
            </>
          )}
        </p>
      </div>
      <div className={widest > WIDE ? "compare-charts wide" : "compare-charts"}>
        <HeatCard {...shared} onSelect={choices.onSelect} onBaseline={choices.onBaseline} onBeside={choices.onBeside} />
        {graded ? (
          <Card title="pass@k curves">
            <PassCurves {...shared} onK={choices.onK} />
          </Card>
        ) : (
          <NothingYet sweep={sweep} />
        )}
      </div>
      <ArmsCard {...choices} {...shared} sweep={sweep} busy={busy} />
      {graded && <ParallelCard {...shared} {...brushing} />}
      {graded && <RatesCard {...shared} />}
      <section className="card" aria-labelledby="diff-title">
        <ConfigDiff sweep={sweep} busy={busy} chosen={choices.diff} onChoose={choices.onDiffs} />
      </section>
    </div>
  );
}
