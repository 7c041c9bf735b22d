import { useMemo, useState } from "react";

import { ArmLegend } from "../charts/ArmLegend";
import { Chart } from "../charts/Chart";
import { INK } from "../charts/palette";
import { Card } from "../shell/Card";
import { useTheme } from "../shell/theme";
import { toggled, useListed } from "../shell/view";
import { courseRows, coursesOf, coursesOption, courseSteps, courseWords } from "./courses";
import { MEASURE_NAMES, MEASURES, type Measure } from "./figures";
import { keysOf, type PartProps } from "./shared";
import { measureWords } from "./words";

const SHORT: Record<Measure, string> = { mean: "mean entropy", gap: "above the rest", per_thousand: "per 1,000 tokens" };

/** How often, and how entropic, over training: from the untrained model on. */
export function Courses({ sweep, behaviour, view, styles }: PartProps) {
  const theme = useTheme();
  const { kinds, kind, measure, baseline, change } = view;
  const [hiding, hide] = useListed("hide");
  const [pointed, setPointed] = useState<string | null>(null);
  const focus = pointed ?? view.arm;
  const courses = useMemo(() => coursesOf(behaviour), [behaviour]);
  const hidden = useMemo(() => new Set(hiding), [hiding]);
  const look = useMemo(() => ({ styles, ink: INK[theme], baseline, hidden, focus }), [styles, theme, baseline, hidden, focus]);
  const option = useMemo(() => coursesOption(courses, kind, measure, look), [courses, kind, measure, look]);
  const reading = useMemo(
    () => ({ xs: courseSteps(courses), words: (step: number) => courseWords(courses, step, kind, measure, look) }),
    [courses, kind, measure, look],
  );
  const shown = courses.filter(({ arm }) => !hidden.has(arm)).map(({ arm }) => arm);
  return (
    <Card title="Over training">
      <div className="behaviour-pickers">
        <label>
          <span className="visually-hidden">Kind</span>
          <select aria-label="Kind" value={kind.id} onChange={(event) => change({ kind: event.target.value })}>
            {kinds.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="visually-hidden">Figure</span>
          <select aria-label="Figure" value={measure} onChange={(event) => change({ of: event.target.value })}>
            {MEASURES.map((name) => (
              <option key={name} value={name}>
                {MEASURE_NAMES[name]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {courses.length === 0 ? (
        <p className="muted">No trained run has been looked at yet: the untrained model alone has no course.</p>
      ) : (
        <>
          <p className="chart-note small muted">
            {measureWords(measure, kind)} By training step; step 0 is the untrained model. Bands are 95&nbsp;% intervals, of the baseline and of the arm that is chosen or pointed at.
          </p>
          <Chart
            option={option}
            height={300}
            label={`${kind.title}, ${MEASURE_NAMES[measure]}, over training for ${shown.length} arms`}
            title={`Sweep ${sweep.id}: ${kind.title}, ${SHORT[measure]}`}
            file={`sweep-${sweep.id}-behaviour-${kind.id.replaceAll(" ", "-")}-${measure}`}
            keys={keysOf(shown, styles)}
            csv={() => courseRows(courses, kind, measure)}
            reading={reading}
          />
          <ArmLegend
            arms={courses.map(({ arm }) => arm)}
            styles={styles}
            hidden={hidden}
            focus={focus}
            onToggle={(arm) => hide(toggled(hiding, arm))}
            onFocus={setPointed}
          />
        </>
      )}
    </Card>
  );
}
