import { useMemo, useState } from "react";

import type { ComparedArm, Comparison } from "../api/types";
import { MOST_BANDS } from "../charts/band";
import { ArmLegend } from "../charts/ArmLegend";
import { Chart } from "../charts/Chart";
import { useHidden } from "../charts/hidden";
import { armStyles, INK } from "../charts/palette";
import { useTheme } from "../shell/theme";
import { curvesOption } from "./curves";

interface Props {
  comparison: Comparison;
  k: number;
  selected: string | null;
}

export function PassCurves({ comparison, k, selected }: Props) {
  const theme = useTheme();
  const [hidden, toggle] = useHidden();
  const [pointed, setPointed] = useState<string | null>(null);
  const [asDelta, setAsDelta] = useState(false);
  const focus = pointed ?? selected;
  const styles = useMemo(() => armStyles(comparison.arms, theme), [comparison.arms, theme]);
  const option = useMemo(
    () => curvesOption(comparison, k, { styles, hidden, focus, ink: INK[theme], asDelta }),
    [comparison, k, styles, hidden, focus, theme, asDelta],
  );
  const drawn = comparison.arms.filter((arm) => arm.pass_at);
  const notes = new Map(drawn.flatMap((arm) => (arm.is_baseline ? [[arm.name, "baseline"] as const] : [])));
  if (drawn.length === 0) return <p className="muted">Curves appear when the first run has been graded.</p>;
  return (
    <>
      <Chart
        option={option}
        height={340}
        label={`pass@k of ${drawn.length} arms for k from ${comparison.ks[0]} to ${comparison.ks.at(-1)}; the table below has the values`}
        file={`sweep-${comparison.sweep_id}-pass-at-k`}
      />
      <div className="chart-controls">
        <label className="check">
          <input type="checkbox" checked={asDelta} onChange={(event) => setAsDelta(event.target.checked)} />
          as difference from the baseline
        </label>
        <span className="small muted">Bands are 95 % intervals {noiseWords(drawn)}, not adjusted{drawn.length > MOST_BANDS && ", of the baseline and the arm pointed at"}.</span>
      </div>
      <ArmLegend
        arms={drawn.map((arm) => arm.name)}
        notes={notes}
        styles={styles}
        hidden={hidden}
        focus={focus}
        onToggle={toggle}
        onFocus={setPointed}
      />
    </>
  );
}

function noiseWords(arms: ComparedArm[]): string {
  const trained = arms.filter((arm) => arm.method.method !== "base");
  const alone = trained.filter((arm) => arm.pass_at_over === "problems");
  if (alone.length === 0) return "over seeds and problems";
  return alone.length === trained.length ? "over problems alone" : "over seeds and problems (over problems alone where there is one seed)";
}
