import { useMemo, useState } from "react";

import type { ComparedArm, Comparison } from "../api/types";
import { MOST_BANDS } from "../charts/band";
import { ArmLegend } from "../charts/ArmLegend";
import { Chart } from "../charts/Chart";
import { INK, type ArmStyle } from "../charts/palette";
import { useTheme } from "../shell/theme";
import { toggled, useListed, useView } from "../shell/view";
import { curvesOption, curveWords } from "./curves";
import { foremost, MOST_DRAWN } from "./foremost";
import { curveRows } from "./tables";

interface Props {
  comparison: Comparison;
  k: number;
  styles: Map<string, ArmStyle>;
  selected: string | null;
  /** The arms that the brush leaves; null while there is none. */
  within: Set<string> | null;
  onK: (k: number) => void;
}

/** pass@k of every arm at every k, or how it differs from the baseline's. */
export function PassCurves({ comparison, k, styles, selected, within, onK }: Props) {
  const theme = useTheme();
  const [parameters, change] = useView();
  const [hiding, hide] = useListed("hide");
  const [pointed, setPointed] = useState<string | null>(null);
  const asDelta = parameters.get("curves") === "delta";
  const focus = pointed ?? selected;
  const hidden = useMemo(() => new Set(hiding), [hiding]);
  const look = useMemo(() => ({ styles, hidden, within, ink: INK[theme], asDelta }), [styles, hidden, within, theme, asDelta]);
  const graded = useMemo(() => comparison.arms.filter((arm) => arm.pass_at), [comparison.arms]);
  const drawn = useMemo(() => foremost(graded, MOST_DRAWN, { selected, within }), [graded, selected, within]);
  const option = useMemo(() => curvesOption(drawn, comparison.ks, k, look), [drawn, comparison.ks, k, look]);
  const reading = useMemo(() => ({ xs: comparison.ks, words: (at: number) => curveWords(drawn, comparison.ks, at, look) }), [drawn, comparison.ks, look]);
  const shown = drawn.filter(({ name }) => !hidden.has(name));
  if (drawn.length === 0) return <p className="muted">Curves appear when the first run has been graded.</p>;
  return (
    <>
      <Chart
        option={option}
        height={340}
        label={`pass@k of ${shown.length} arms for k from ${comparison.ks[0]} to ${comparison.ks.at(-1)}; the table has the values`}
        title={titleOf(comparison, asDelta)}
        file={`sweep-${comparison.sweep_id}-pass-at-k`}
        keys={shown.flatMap(({ name }) => {
          const style = styles.get(name);
          return style ? [{ name, style }] : [];
        })}
        csv={() => curveRows(graded, comparison.ks, asDelta)}
        reading={reading}
        focus={focus !== null && shown.some(({ name }) => name === focus) ? focus : null}
        onPick={onK}
      />
      <div className="chart-controls">
        <label className="check">
          <input type="checkbox" checked={asDelta} onChange={(event) => change({ curves: event.target.checked ? "delta" : null })} />
          as difference from the baseline
        </label>
        {hiding.length > 0 && (
          <button type="button" className="link small" onClick={() => hide([])}>
            Show all arms
          </button>
        )}
        <span className="small muted">
          {drawn.length < graded.length &&
            `${drawn.length} of ${graded.length} arms are drawn: those of the largest difference at k\u00a0=\u00a0${comparison.ks.at(-1)}, and those that are selected or brushed. `}
          Bands are 95&nbsp;% intervals {noiseWords(drawn)}, not adjusted{shown.length > MOST_BANDS && ", of the baseline and the arm pointed at"}.
        </span>
      </div>
      <ArmLegend
        arms={drawn.map((arm) => arm.name)}
        notes={new Map(drawn.flatMap((arm) => (arm.is_baseline ? [[arm.name, "baseline"] as const] : [])))}
        styles={styles}
        hidden={hidden}
        focus={focus}
        onToggle={(arm) => hide(toggled(hiding, arm))}
        onFocus={setPointed}
      />
    </>
  );
}

function titleOf({ sweep_id: id, baseline }: Comparison, asDelta: boolean): string {
  return asDelta ? `Sweep ${id}: difference in pass@k to ${baseline}, points` : `Sweep ${id}: pass@k`;
}

function noiseWords(arms: ComparedArm[]): string {
  const trained = arms.filter((arm) => arm.method.method !== "base");
  const alone = trained.filter((arm) => arm.pass_at_over === "problems");
  if (alone.length === 0) return "over seeds and problems";
  return alone.length === trained.length ? "over problems alone" : "over seeds and problems (over problems alone where there is one seed)";
}
