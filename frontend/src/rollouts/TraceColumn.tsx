import { Link } from "wouter";

import type { useTraces } from "../api/behaviours";
import type { Rollout } from "../api/types";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import type { ViewChange } from "../shell/view";
import { plural } from "../text/numbers";
import { ALONE, type Side } from "./choice";
import { Completion } from "./Completion";
import type { Cursor } from "./cursor";
import { traceName, type TraceChoice, type TraceFilter, type TraceSide } from "./traces";
import { noneWords } from "./words";

interface Props {
  side: Side;
  own: TraceSide;
  choice: TraceChoice;
  page: ReturnType<typeof useTraces>;
  traces: Rollout[];
  filter: TraceFilter;
  color: string | undefined;
  categories: readonly string[];
  unfolded: boolean;
  /** Long ones that are not as the others, folded or unfolded. */
  opened: ReadonlySet<string>;
  cursor: Cursor | null;
  change: (wanted: ViewChange) => void;
}

/** The traces of one run, or of the untrained model, on the problem. */
export function TraceColumn(props: Props) {
  const { own, page, traces, filter } = props;
  const name = own.seeds.length > 0 ? `${own.arm.name}, seed ${own.seed}` : own.arm.name;
  return (
    <section className="rollout-column" aria-label={name} aria-busy={page.isPlaceholderData}>
      <Head {...props} />
      {!own.analysis ? (
        <Empty title="Not looked at after this step">{`No finished analysis of ${name} looks at that step. Choose another, or ask for it in the Behaviour tab.`}</Empty>
      ) : page.error && !page.data ? (
        <ProblemNotice title="The traces could not be loaded" error={page.error} />
      ) : !page.data ? (
        <Skeleton lines={8} height="2.5rem" />
      ) : traces.length === 0 ? (
        <p className="muted rollout-none">{page.data.total === 0 ? "The analysis kept no trace token by token." : noneWords(filter, "trace")}</p>
      ) : (
        <List {...props} />
      )}
    </section>
  );
}

function Head({ side, own, choice, color, change }: Props) {
  return (
    <header className="rollout-head">
      <span className="swatch" style={{ background: color }} aria-hidden="true" />
      <select aria-label={`Arm, ${side}`} value={own.arm.name} onChange={(event) => change({ [side]: event.target.value })}>
        {choice.arms.map(({ name, is_baseline }) => (
          <option key={name} value={name}>
            {is_baseline ? `${name}, baseline` : name}
          </option>
        ))}
        {side === "right" && <option value={ALONE}>none: one column</option>}
      </select>
      {own.seeds.length > 0 && (
        <label className="rollout-seed">
          seed
          <select value={own.seed} onChange={(event) => change({ [side === "left" ? "seed" : "right_seed"]: event.target.value })}>
            {own.seeds.map((seed) => (
              <option key={seed}>{seed}</option>
            ))}
          </select>
        </label>
      )}
      {own.analysis && (
        <span className="small">
          <Link href={`/runs/${own.analysis.run_id}`}>analysis {own.analysis.run_id}</Link>
          {own.analysis.step > 0 && <span className="muted"> after step {own.analysis.step}</span>}
        </span>
      )}
      {side === "left" && !choice.sides.right && choice.arms.length > 1 && (
        <button type="button" className="button quiet" onClick={() => change({ right: null })}>
          Compare with another
        </button>
      )}
    </header>
  );
}

function List({ side, own, page, traces, filter, categories, unfolded, opened, cursor }: Props) {
  const whole = page.data?.traces.filter(({ problem }) => problem === filter.problem) ?? [];
  const correct = whole.filter((one) => one.correct).length;
  return (
    <>
      <p className="rollout-facts rollout-summary small">
        {correct} of {plural(whole.length, "trace")} correct
      </p>
      <ol className="completions">
        {traces.map((trace, place) => (
          <Completion
            key={place}
            rollout={trace}
            side={side}
            place={place}
            kappa={null}
            categories={categories}
            search={filter.search}
            open={unfolded !== opened.has(traceName(own.analysis?.run_id ?? null, trace.index))}
            reached={place === Math.min(cursor?.place ?? 0, traces.length - 1)}
            token={cursor?.place === place ? cursor.token : undefined}
            link={null}
          />
        ))}
      </ol>
    </>
  );
}
