import { useMemo, useState } from "react";

import { ArmLegend } from "../charts/ArmLegend";
import { Chart } from "../charts/Chart";
import { INK } from "../charts/palette";
import { Card } from "../shell/Card";
import { Choices } from "../shell/Choices";
import { useTheme } from "../shell/theme";
import { toggled, useListed, useView } from "../shell/view";
import { isUntrained, trajectoriesOf } from "./figures";
import { PLANE_NAMES, PLANES, quadrantOption, quadrantRows } from "./quadrant";
import { RegimeTable } from "./RegimeTable";
import { keysOf, type PartProps } from "./shared";

/** Whether reasoning stays diverse, and whether it still depends on the question. */
export function Quadrant({ sweep, behaviour, view, styles }: PartProps) {
  const theme = useTheme();
  const [parameters, change] = useView();
  const [hiding, hide] = useListed("hide");
  const [pointed, setPointed] = useState<string | null>(null);
  const plane = PLANES.find((name) => name === parameters.get("plane")) ?? PLANES[0];
  const focus = pointed ?? view.arm;
  const { collapses } = behaviour;
  const hidden = useMemo(() => new Set(hiding), [hiding]);
  const trajectories = useMemo(() => trajectoriesOf(behaviour).filter(({ arm }) => !hidden.has(arm)), [behaviour, hidden]);
  const option = useMemo(
    () => quadrantOption(trajectories, collapses, plane, { styles, ink: INK[theme], focus, baseline: view.baseline }),
    [trajectories, collapses, plane, styles, theme, focus, view.baseline],
  );
  const arms = [...new Set(trajectoriesOf(behaviour).map(({ arm }) => arm))];
  const { problems, traces } = collapses[0]!.collapse;
  return (
    <Card title="Does reasoning still depend on the question?">
      <div className="behaviour-pickers">
        <Choices label="Axes" values={PLANES} names={PLANE_NAMES} chosen={plane} onChoose={(name) => change({ plane: name === PLANES[0] ? null : name })} />
      </div>
      <p className="chart-note small muted">
        {traces} traces of {problems} prompts, each scored under every prompt. Each line is a run, from the untrained model (diamond) through its steps to its last
        (large). Dependence is called high from half of log N on, diversity from half of the untrained model’s on; without its analysis no regime is named.
      </p>
      <Chart
        option={option}
        height={400}
        label={`Diversity against dependence for ${trajectories.length} runs; the table has the values`}
        title={`Sweep ${sweep.id}: H(Z|X) and I(X;Z), ${PLANE_NAMES[plane]}`}
        file={`sweep-${sweep.id}-behaviour-quadrant`}
        keys={keysOf(arms.filter((arm) => !hidden.has(arm)), styles)}
        csv={() => quadrantRows(collapses)}
      />
      <ArmLegend
        arms={arms}
        styles={styles}
        hidden={hidden}
        focus={focus}
        onToggle={(arm) => hide(toggled(hiding, arm))}
        onFocus={setPointed}
      />
      <RegimeTable collapses={collapses.filter((one) => isUntrained(one) || one.step === (view.step ?? lastOf(collapses, one.subject_id)))} />
    </Card>
  );
}

function lastOf(collapses: PartProps["behaviour"]["collapses"], subject: number | null): number {
  return Math.max(...collapses.filter(({ subject_id }) => subject_id === subject).map(({ step }) => step));
}
