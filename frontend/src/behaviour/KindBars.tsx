import { useMemo } from "react";

import { ArmMark } from "../charts/ArmMark";
import { Chart } from "../charts/Chart";
import { INK } from "../charts/palette";
import { Card } from "../shell/Card";
import { useTheme } from "../shell/theme";
import { armNote, barRows, barsLabel, barsOption } from "./bars";
import { rowsHeight } from "./drawing";
import { keysOf, type PartProps } from "./shared";
import { isUntrained } from "./figures";

/** Mean entropy of every kind against the rest: of the arm, what it is set against, and the untrained model. */
export function KindBars({ sweep, view, styles }: PartProps) {
  const theme = useTheme();
  const { there, kinds, arm, baseline } = view;
  const arms = useMemo(() => there.filter((one) => isUntrained(one) || one.arm === arm || one.arm === baseline), [there, arm, baseline]);
  const option = useMemo(() => barsOption(arms, kinds, { styles, ink: INK[theme] }), [arms, kinds, styles, theme]);
  return (
    <Card title="Entropy at words and sentences">
      <p className="chart-note small muted">
        Mean entropy of the next token where a listed word begins, and over sentences. A whisker is the 95&nbsp;% interval; the upright stroke is the rest:
        tokens in no listed word, or the other sentences.
      </p>
      <Chart
        option={option}
        height={rowsHeight(kinds.length, arms.length)}
        label={barsLabel(arms, kinds)}
        title={`Sweep ${sweep.id}: mean entropy of words and sentences, nats`}
        file={`sweep-${sweep.id}-behaviour-entropy`}
        keys={keysOf(arms.map((one) => one.arm), styles)}
        csv={() => barRows(arms, kinds)}
      />
      <ul className="behaviour-keys small">
        {arms.map((one) => (
          <li key={one.arm}>
            <ArmMark style={styles.get(one.arm)} /> {one.arm} <span className="muted">{armNote(one)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
