import { useMemo } from "react";

import type { ArmGaps } from "../api/types";
import { ArmMark } from "../charts/ArmMark";
import { Chart } from "../charts/Chart";
import { openedOf, useGapsOf } from "./opened";
import { INK } from "../charts/palette";
import { Card } from "../shell/Card";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useTheme } from "../shell/theme";
import { rowsHeight } from "./drawing";
import { gapRows, gapsOption, VIEWS, viewStyle } from "./gaps";
import type { PartProps } from "./shared";
import { VIEW_NAMES } from "./words";

/** The same differences with like set against like: is it the place in the trace, or how hard the problem is? */
export function KindGaps({ sweep, behaviour, view }: PartProps) {
  const { arm } = openedOf(view);
  const { data, error } = useGapsOf(sweep, behaviour, view);
  return (
    <Card title="Is it the place, or the problem?">
      <p className="chart-note small muted">
        Entropy falls along a trace and rises with difficulty, and words have their places. So {arm} is shown with like set against like: within tenths
        of the trace, within problems, and within both. A filled mark has an interval that leaves zero out.
      </p>
      {data ? <Gaps gaps={data} sweep={sweep.id} view={view} /> : error ? <ProblemNotice title="The differences could not be loaded" error={error} /> : <Skeleton lines={6} height="3rem" />}
    </Card>
  );
}

function Gaps({ gaps, sweep, view: { kinds, there, baseline } }: { gaps: ArmGaps; sweep: number; view: PartProps["view"] }) {
  const theme = useTheme();
  const look = useMemo(() => ({ theme, ink: INK[theme] }), [theme]);
  const option = useMemo(() => gapsOption(gaps, kinds, look), [gaps, kinds, look]);
  const keys = VIEWS.map((name) => ({ name: VIEW_NAMES[name], style: viewStyle(name, look) }));
  return (
    <>
      <Chart
        option={option}
        height={rowsHeight(kinds.length, there.filter((one) => one.step === 0 || one.arm === gaps.arm || one.arm === baseline).length)}
        label={`Entropy above the rest of ${gaps.arm} after step ${gaps.step}, in five views; the table has the values`}
        title={`Sweep ${sweep}: ${gaps.arm}, entropy above the rest, nats`}
        file={`sweep-${sweep}-behaviour-gaps`}
        keys={keys}
        csv={() => gapRows(gaps, kinds)}
      />
      <ul className="behaviour-keys small">
        {keys.map(({ name, style }) => (
          <li key={name}>
            <ArmMark style={style} /> {name}
          </li>
        ))}
      </ul>
    </>
  );
}
