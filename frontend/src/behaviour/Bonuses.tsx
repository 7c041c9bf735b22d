import { useMemo, useRef, useState } from "react";

import { useBonuses } from "../api/behaviours";
import type { ArmBonuses, SweepDetail } from "../api/types";
import { ArmLegend } from "../charts/ArmLegend";
import { Chart } from "../charts/Chart";
import { INK } from "../charts/palette";
import { Card } from "../shell/Card";
import { Choices } from "../shell/Choices";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSeen } from "../shell/seen";
import { useTheme } from "../shell/theme";
import { toggled, useListed, useView } from "../shell/view";
import { count } from "../text/numbers";
import { BONUS_MEASURES, BONUS_NAMES, bonusOption, bonusRows, bonusSteps, bonusStyle, bonusTitle, bonusWords, shownKinds, type BonusMeasure } from "./bonuses";

/** Where the bonus of a shaped arm goes over training, and whether it backs off as entropy falls. */
export function Bonuses({ sweep }: { sweep: SweepDetail }) {
  const [parameters, change] = useView();
  const box = useRef<HTMLElement>(null);
  const seen = useSeen(box);
  const arms = sweep.arms_list.filter((arm) => arm.train !== null);
  const shaped = arms.filter((arm) => arm.method.method === "entropy_shaped");
  const asked = arms.find((arm) => arm.name === parameters.get("arm"));
  const arm = asked ?? shaped[0] ?? arms[0];
  const { data, error } = useBonuses(sweep.id, seen && arm ? arm.name : null);
  const measures = arm?.method.method === "entropy_shaped" ? BONUS_MEASURES : (["entropy"] as const);
  const measure = measures.find((name) => name === parameters.get("bonus")) ?? measures[0]!;
  if (!arm) return null;
  return (
    <Card ref={box} title="Where the bonus goes">
      <div className="behaviour-pickers">
        <label>
          arm
          <select aria-label="Arm whose bonus is shown" value={arm.name} onChange={(event) => change({ arm: event.target.value })}>
            {arms.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <Choices label="Figure" values={measures} names={BONUS_NAMES} chosen={measure} onChoose={(name) => change({ bonus: name === measures[0] ? null : name })} />
      </div>
      {!data ? (
        error ? <ProblemNotice title="The bonus could not be loaded" error={error} /> : <Skeleton lines={6} height="2.6rem" />
      ) : (
        <Drawn bonuses={data} measure={measure} sweep={sweep.id} />
      )}
    </Card>
  );
}

function Drawn({ bonuses, measure, sweep }: { bonuses: ArmBonuses; measure: BonusMeasure; sweep: number }) {
  const theme = useTheme();
  const [hiding, hide] = useListed("hide-kinds");
  const hidden = useMemo(() => new Set(hiding), [hiding]);
  const [focus, setFocus] = useState<string | null>(null);
  const look = useMemo(() => ({ theme, ink: INK[theme], hidden, focus }), [theme, hidden, focus]);
  const kinds = shownKinds(bonuses);
  const option = useMemo(() => bonusOption(bonuses, measure, look), [bonuses, measure, look]);
  const reading = useMemo(() => ({ xs: bonusSteps(bonuses), words: (step: number) => bonusWords(bonuses, step, measure, look) }), [bonuses, measure, look]);
  const styles = new Map(kinds.map((kind) => [bonusTitle(kind), bonusStyle(kinds, kind, look)]));
  const tokens = kinds.flatMap(({ points }) => points).reduce((sum, point) => Math.max(sum, point.tokens), 0);

  if (kinds.length === 0) return <p className="muted">No run of {bonuses.arm} has kept completions yet: they come with its first training steps.</p>;
  return (
    <>
      <p className="chart-note small muted">
        {BONUS_NAMES[measure]} by kind of token, in the training completions that {bonuses.arm} kept: up to {count(tokens)} tokens a kind and step, of{" "}
        {bonuses.seeds.length === 1 ? "one seed" : `${bonuses.seeds.length} seeds`}. Bands are 95&nbsp;% intervals over seeds, of the kind pointed at. That two things fall together
        does not say that one makes the other.
      </p>
      <Chart
        option={option}
        height={300}
        label={`${BONUS_NAMES[measure]} of ${bonuses.arm} over training for ${kinds.length} kinds of tokens`}
        title={`Sweep ${sweep}: ${bonuses.arm}, ${BONUS_NAMES[measure]} by kind of token`}
        file={`sweep-${sweep}-behaviour-bonus-${measure}`}
        keys={kinds.flatMap((kind) => (hidden.has(bonusTitle(kind)) ? [] : [{ name: bonusTitle(kind), style: styles.get(bonusTitle(kind))! }]))}
        csv={() => bonusRows(bonuses)}
        reading={reading}
      />
      <ArmLegend arms={kinds.map(bonusTitle)} styles={styles} hidden={hidden} focus={focus} onToggle={(kind) => hide(toggled(hiding, kind))} onFocus={setFocus} />
    </>
  );
}
