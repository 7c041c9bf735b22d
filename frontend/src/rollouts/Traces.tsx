import { useMemo } from "react";

import { useTraces } from "../api/behaviours";
import type { AskedAnalysis, ShownTrace, SweepDetail } from "../api/types";
import { armStyles, BASE } from "../charts/palette";
import { useTheme } from "../shell/theme";
import { useView } from "../shell/view";
import { Bar } from "./Bar";
import { neighbour, SIDES, type Side } from "./choice";
import type { Cursor } from "./cursor";
import type { Shown } from "./exports";
import { Files } from "./Files";
import { Keys } from "./Keys";
import { readOnly } from "./looked";
import { readMarks } from "./marks";
import { ProblemText } from "./ProblemText";
import { useReading, useToggles } from "./reading";
import { TraceColumn } from "./TraceColumn";
import { TracePickers } from "./TracePickers";
import { asCompletion, categoriesOf, chooseTraces, filtered, traceName, traceProblems, UNTRAINED, type TraceFilter, type TraceSide } from "./traces";

/** More than an analysis keeps token by token. */
const EVERY = 512;

/** Traces that analyses drew of two runs, or of a run and the untrained model, on the same problem. */
export function Traces({ sweep, traced }: { sweep: SweepDetail; traced: AskedAnalysis[] }) {
  const theme = useTheme();
  const [parameters, change] = useView();
  const [opened, toggle] = useToggles();
  const { arms_list } = sweep;
  const styles = useMemo(() => armStyles(arms_list, theme), [arms_list, theme]);
  const choice = useMemo(() => chooseTraces(parameters, { arms_list }, traced), [parameters, arms_list, traced]);
  const pages = { left: usePage(choice.sides.left), right: usePage(choice.sides.right) };
  const [left, right] = [pages.left.data?.traces, pages.right.data?.traces];
  const problems = useMemo(() => traceProblems([...(left ?? []), ...(right ?? [])]), [left, right]);
  const problem = problems.find(({ number }) => String(number) === parameters.get("question")) ?? problems[0];
  const find = parameters.get("find") ?? "";
  const only = readOnly(parameters);
  const unfolded = parameters.get("long") === "open";
  const marks = useMemo(() => readMarks(parameters.get("marks")), [parameters]);
  const categories = useMemo(() => categoriesOf([...(left ?? []), ...(right ?? [])]), [left, right]);
  const filter = useMemo(() => ({ problem: problem?.number, only, search: find }), [problem?.number, only, find]);
  const shown = useShown(choice.sides, { left, right }, filter);

  function fold(cursor: Cursor | null) {
    const side = cursor && shown[cursor.side];
    const trace = side?.rollouts[cursor?.place ?? 0];
    toggle(side && trace && traceName(side.run, trace.index));
  }

  function go(move: "step" | "problem", by: 1 | -1) {
    if (move === "problem") {
      const next = problem && neighbour(problems, problem, by);
      if (next) change({ question: String(next.number) });
    } else {
      const next = neighbour(choice.steps, choice.step ?? choice.steps.at(-1) ?? 0, by);
      if (next !== undefined) change({ after: String(next) });
    }
  }

  const { box, search, hands, listeners } = useReading({ shown, go, fold });
  return (
    <section ref={box} className="rollouts" aria-label="Analysis traces" tabIndex={-1} {...listeners}>
      <TracePickers choice={choice} problems={problems} problem={problem} only={only} find={find} search={search} change={change} />
      <div className="rollout-tools">
        <Keys />
        <Files
          name={`sweep-${sweep.id}-traces-problem-${problem?.number ?? 0}`}
          shown={shown}
          unfolded={unfolded}
          onUnfold={(open) => change({ long: open ? "open" : null })}
        />
      </div>
      {problem && <ProblemText problem={{ key: String(problem.number), problem: problem.question, left: null, right: null }} group={undefined} />}
      <div className="rollout-columns" data-shade="entropy" data-marks={[...marks].join(" ")}>
        {SIDES.map((side) => {
          const own = choice.sides[side];
          if (!own) return null;
          const color = own.arm.name === UNTRAINED ? BASE[theme] : styles.get(own.arm.name)?.color;
          return (
            <TraceColumn
              key={side}
              {...{ side, own, choice, filter, color, categories, unfolded, opened, change }}
              page={pages[side]}
              traces={shown[side]?.rollouts ?? []}
              cursor={hands.cursor?.side === side ? hands.cursor : null}
            />
          );
        })}
      </div>
      <Bar box={box} cursor={hands.cursor} shown={shown} measure="entropy" marks={marks} categories={categories} onMarks={(text) => change({ marks: text })} />
    </section>
  );
}

function usePage(side: TraceSide | null) {
  return useTraces(side?.analysis?.run_id ?? null, EVERY, 0);
}

type Found = Record<Side, ShownTrace[] | undefined>;

/** The same objects while the same is shown: else every token would be drawn again at each key. */
function useShown(sides: Record<Side, TraceSide | null>, { left, right }: Found, filter: TraceFilter): Shown {
  return useMemo(() => {
    const shown = (own: TraceSide | null, traces: ShownTrace[] = []) => {
      if (!own) return null;
      const step = own.analysis?.step ?? 0;
      return { arm: own.arm, seed: own.seed, run: own.analysis?.run_id ?? null, rollouts: filtered(traces, filter).map((trace) => asCompletion(trace, step)) };
    };
    return { left: shown(sides.left, left), right: shown(sides.right, right) };
  }, [sides, left, right, filter]);
}
