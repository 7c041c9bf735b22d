import { useMemo } from "react";

import { useAnalyses } from "../api/behaviours";
import { useSweepRuns } from "../api/queries";
import type { SweepDetail, SweepRun } from "../api/types";
import { armStyles } from "../charts/palette";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { Choices } from "../shell/Choices";
import { useTheme } from "../shell/theme";
import { useView } from "../shell/view";
import type { TabProps } from "../sweep/tabs";
import { Bar } from "./Bar";
import { hasAny, neighbour, SIDES, trainedArms, type Side } from "./choice";
import { Column } from "./Column";
import type { Cursor } from "./cursor";
import type { Shown, ShownSide } from "./exports";
import { Files } from "./Files";
import { Keys } from "./Keys";
import { useLink } from "./link";
import { nameOf, useLooked, useSide, type Looked } from "./looked";
import { NothingAtAll } from "./Nothing";
import { Pickers } from "./Pickers";
import { ProblemText } from "./ProblemText";
import { useReading, useToggles } from "./reading";
import { tracedRuns } from "./traces";
import { Traces } from "./Traces";

export function RolloutsTab(props: TabProps) {
  const [parameters, change] = useView();
  const analyses = useAnalyses(props.id);
  const traced = useMemo(() => tracedRuns(analyses.data?.analyses ?? []), [analyses.data]);
  const kept = parameters.get("kept") === "traces" ? "traces" : "completions";
  if (kept === "traces" && !analyses.data && !analyses.error) return <Skeleton lines={8} height="2rem" />;
  return (
    <>
      {traced.length > 0 && (
        <Choices label="What is read" values={KEPT} names={KEPT_NAMES} chosen={kept} onChoose={(name) => change({ kept: name === "traces" ? name : null })} />
      )}
      {kept === "traces" && traced.length > 0 ? <Traces sweep={props.sweep} traced={traced} /> : <Completions {...props} />}
    </>
  );
}

const KEPT = ["completions", "traces"] as const;
const KEPT_NAMES = { completions: "training completions", traces: "analysis traces" };

function Completions({ id, sweep, busy }: TabProps) {
  const runs = useSweepRuns(id, busy);
  if (runs.error && !runs.data) return <ProblemNotice title="The runs could not be loaded" error={runs.error} />;
  if (!runs.data) return <Skeleton lines={8} height="2rem" />;
  if (!runs.data.runs.some(hasAny)) return <NothingAtAll runs={runs.data.runs} trained={trainedArms(sweep).length > 0} />;
  return <Rollouts sweep={sweep} runs={runs.data.runs} busy={busy} />;
}

type Sides = Record<Side, ReturnType<typeof useSide>>;

/** Completions of two runs side by side, on the same problem at the same step. */
function Rollouts({ sweep, runs, busy }: { sweep: SweepDetail; runs: SweepRun[]; busy: boolean }) {
  const theme = useTheme();
  const styles = useMemo(() => armStyles(sweep.arms_list, theme), [sweep.arms_list, theme]);
  const { looked, error, pending } = useLooked(sweep, runs, busy);
  const sides: Sides = { left: useSide("left", looked), right: useSide("right", looked) };
  const shown = shownSides(looked, sides);
  const [opened, toggle] = useToggles();

  const named = (cursor: Cursor | null) => {
    const page = cursor && sides[cursor.side].page.data;
    const rollout = cursor && page?.rollouts[cursor.place];
    return page && rollout ? nameOf(page, rollout) : null;
  };

  const { box, search, hands, listeners } = useReading({ shown, go: (move, by) => goOn(looked, move, by), fold: (cursor) => toggle(named(cursor)) });
  useLink(looked, shown, hands);

  if (error && looked.steps.length === 0) return <ProblemNotice title="The rollouts could not be loaded" error={error} />;
  const group = SIDES.map((side) => sides[side].page.data?.groups.find(({ key }) => key === looked.problem?.key)).find((one) => one);
  return (
    <section ref={box} className="rollouts" aria-label="Rollouts" tabIndex={-1} {...listeners}>
      <Pickers looked={looked} search={search} />
      <div className="rollout-tools">
        <Keys />
        <Files
          name={`sweep-${sweep.id}-rollouts-step-${looked.step}`}
          shown={shown}
          unfolded={looked.unfolded}
          onUnfold={(open) => looked.change({ long: open ? "open" : null })}
        />
      </div>
      {looked.newer !== null && (
        <p className="small">
          Step {looked.newer} is there now.{" "}
          <button type="button" className="button quiet" onClick={() => looked.change({ step: String(looked.newer), problem: null })}>
            Show it
          </button>
        </p>
      )}
      {looked.problem && <ProblemText problem={looked.problem} group={group} />}
      <div className="rollout-columns" data-shade={looked.measure} data-marks={[...looked.marks].join(" ")}>
        {SIDES.map((side) => {
          const chosen = looked.choice[side];
          const { page, wanted, showAll } = sides[side];
          if (!chosen) return null;
          const stale = pending || page.isPlaceholderData;
          return (
            <Column
              key={side}
              {...{ sweep, runs, side, chosen, looked, stale, opened }}
              style={styles.get(chosen.arm.name)}
              page={wanted ? page.data : undefined}
              error={page.error}
              cursor={hands.cursor}
              onShowAll={showAll}
            />
          );
        })}
      </div>
      <Bar box={box} cursor={hands.cursor} shown={shown} measure={looked.measure} marks={looked.marks} onMarks={(marks) => looked.change({ marks })} categories={categoriesOf(sides)} />
    </section>
  );
}

/** Every task has its own; both sides have the same. */
function categoriesOf(sides: Sides): readonly string[] {
  return sides.left.page.data?.categories ?? sides.right.page.data?.categories ?? NONE;
}

const NONE: readonly string[] = [];

function shownSides({ choice }: Looked, sides: Sides): Shown {
  const shown = (side: Side): ShownSide | null => {
    const [chosen, page] = [choice[side], sides[side].wanted && sides[side].page.data];
    return chosen && page ? { arm: chosen.arm, seed: chosen.seed, run: page.run_id, rollouts: page.rollouts } : null;
  };
  return { left: shown("left"), right: shown("right") };
}

function goOn({ steps, step, problems, problem, change }: Looked, move: "step" | "problem", by: 1 | -1): void {
  if (move === "step") {
    const next = step === null ? undefined : neighbour(steps, step, by);
    if (next !== undefined) change({ step: String(next), problem: null });
  } else {
    const next = problem && neighbour(problems, problem, by);
    if (next) change({ problem: next.key });
  }
}
