import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";

import { useTraces } from "../api/behaviours";
import type { AskedAnalysis, SweepDetail } from "../api/types";
import { armStyles, BASE } from "../charts/palette";
import { useTheme } from "../shell/theme";
import { useView } from "../shell/view";
import { Bar } from "./Bar";
import { neighbour, SIDES, type Side } from "./choice";
import { moved, orderOf, placeOf, useHands, type Cursor, type Walk } from "./cursor";
import type { Shown } from "./exports";
import { Keys } from "./Keys";
import { readMarks } from "./marks";
import { ProblemText } from "./ProblemText";
import { TraceColumn } from "./TraceColumn";
import { TracePickers } from "./TracePickers";
import { asCompletion, categoriesOf, chooseTraces, traceProblems, tracesSaying, UNTRAINED, type TraceSide } from "./traces";

/** More than an analysis keeps token by token. */
const EVERY = 512;

/** Traces that analyses drew of two runs, or of a run and the untrained model, on the same problem. */
export function Traces({ sweep, traced }: { sweep: SweepDetail; traced: AskedAnalysis[] }) {
  const theme = useTheme();
  const [parameters, change] = useView();
  const box = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const hands = useHands(box);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const { arms_list } = sweep;
  const styles = useMemo(() => armStyles(arms_list, theme), [arms_list, theme]);
  const choice = useMemo(() => chooseTraces(parameters, { arms_list }, traced), [parameters, arms_list, traced]);
  const pages = { left: usePage(choice.sides.left), right: usePage(choice.sides.right) };
  const [left, right] = [pages.left.data?.traces, pages.right.data?.traces];
  const problems = useMemo(() => traceProblems([...(left ?? []), ...(right ?? [])]), [left, right]);
  const problem = problems.find(({ number }) => String(number) === parameters.get("question")) ?? problems[0];
  const find = parameters.get("find") ?? "";
  const marks = useMemo(() => readMarks(parameters.get("marks")), [parameters]);
  const categories = useMemo(() => categoriesOf([...(left ?? []), ...(right ?? [])]), [left, right]);
  const shown = useShown(choice.sides, { left, right }, problem?.number, find);

  function fold(cursor: Cursor | null) {
    const number = cursor && shown[cursor.side]?.rollouts[cursor.place]?.index;
    if (number != null) setOpened((now) => new Set(now.has(number) ? [...now].filter((one) => one !== number) : [...now, number]));
  }

  function walk({ move, by }: Walk) {
    const { cursor, setCursor, step } = hands;
    if (move === "completion") return step(by);
    if (move === "problem") {
      const next = problem && neighbour(problems, problem, by);
      return next && change({ question: String(next.number) });
    }
    if (move === "step") {
      const next = neighbour(choice.steps, choice.step ?? choice.steps.at(-1) ?? 0, by);
      return next !== undefined && change({ after: String(next) });
    }
    const tokens = cursor && shown[cursor.side]?.rollouts[cursor.place]?.tokens;
    return tokens && setCursor({ ...cursor, token: moved(cursor.token, by, tokens.length) });
  }

  function press(event: KeyboardEvent) {
    const order = orderOf(event);
    if (!order) return;
    event.preventDefault();
    if (order === "search") search.current?.focus();
    else if (order === "fold") fold(hands.cursor);
    else walk(order);
  }

  function click(event: MouseEvent) {
    hands.listeners.onClick(event);
    if (event.target instanceof Element && event.target.closest("[data-fold]")) fold(placeOf(event.target));
  }

  return (
    <section ref={box} className="rollouts" aria-label="Analysis traces" tabIndex={-1} onKeyDown={press} {...hands.listeners} onClick={click}>
      <TracePickers choice={choice} problems={problems} problem={problem} find={find} search={search} change={change} />
      <Keys />
      {problem && <ProblemText problem={{ key: String(problem.number), problem: problem.question, left: null, right: null }} group={undefined} />}
      <div className="rollout-columns" data-shade="entropy" data-marks={[...marks].join(" ")}>
        {SIDES.map((side) => {
          const own = choice.sides[side];
          if (!own) return null;
          const color = own.arm.name === UNTRAINED ? BASE[theme] : styles.get(own.arm.name)?.color;
          return (
            <TraceColumn
              key={side}
              {...{ side, own, choice, find, color, categories, opened, change }}
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

type Found = Record<Side, Parameters<typeof tracesSaying>[0] | undefined>;

/** The same objects while the same is shown: else every token would be drawn again at each key. */
function useShown(sides: Record<Side, TraceSide | null>, { left, right }: Found, problem: number | undefined, find: string): Shown {
  return useMemo(() => {
    const shown = (own: TraceSide | null, traces: Found[Side]) =>
      own && { chosen: { arm: own.arm, seed: own.seed, run: null }, rollouts: tracesSaying(traces ?? [], problem, find).map(asCompletion) };
    return { left: shown(sides.left, left), right: shown(sides.right, right) };
  }, [sides, left, right, problem, find]);
}
