import { Link } from "wouter";

import type { RolloutGroup, RolloutPage, SweepDetail, SweepRun } from "../api/types";
import type { ArmStyle } from "../charts/palette";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { Status } from "../sweep/Status";
import { count } from "../text/numbers";
import { completionAddress } from "./addresses";
import { ALONE, seedsOf, trainedArms, type Arm, type Chosen, type Side } from "./choice";
import { Completion } from "./Completion";
import type { Cursor } from "./cursor";
import { nameOf, type Looked } from "./looked";
import { Nothing } from "./Nothing";
import { flatWords, groupWords, kappaOf, noneWords } from "./words";

interface Props {
  sweep: SweepDetail;
  runs: SweepRun[];
  side: Side;
  chosen: Chosen;
  looked: Looked;
  style: ArmStyle | undefined;
  page: RolloutPage | undefined;
  error: Error | null;
  /** Whether what is shown is about to be replaced. */
  stale: boolean;
  cursor: Cursor | null;
  /** Long ones that are not as the others, folded or unfolded. */
  opened: ReadonlySet<string>;
  onShowAll: () => void;
}

/** One run's completions of the problem, below what they come to. */
export function Column(props: Props) {
  const { side, chosen, looked, page, error, stale } = props;
  const group = page?.groups.find(({ key }) => key === looked.problem?.key);
  const nothing = looked.known && !looked.problem?.[side];
  return (
    <section className="rollout-column" aria-label={`${chosen.arm.name}, seed ${chosen.seed}`} aria-busy={stale}>
      <Head {...props} />
      {group && page && !nothing && <Summary group={group} chosen={chosen} page={page} looked={looked} />}
      {nothing ? (
        <Nothing side={side} chosen={chosen} looked={looked} />
      ) : error && !page ? (
        <ProblemNotice title="The completions could not be loaded" error={error} />
      ) : page ? (
        <List {...props} page={page} />
      ) : (
        <Skeleton lines={8} height="2.5rem" />
      )}
    </section>
  );
}

function Head({ sweep, runs, side, chosen, looked, style }: Props) {
  const { arm, seed, run } = chosen;
  const { change, choice } = looked;
  const seeds = seedsOf(arm, runs);
  const seedName = side === "left" ? "seed" : "right_seed";
  return (
    <header className="rollout-head">
      <span className="swatch" style={{ background: style?.color }} aria-hidden="true" />
      <select aria-label={`Arm, ${side}`} value={arm.name} onChange={(event) => change({ [side]: event.target.value })}>
        {trainedArms(sweep).map((one) => (
          <option key={one.name} value={one.name}>
            {optionOf(one, side, looked)}
          </option>
        ))}
        {side === "right" && <option value={ALONE}>none: one column</option>}
      </select>
      <label className="rollout-seed">
        seed
        <select value={seed} onChange={(event) => change({ [seedName]: event.target.value })}>
          {seeds.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      {run && (
        <span className="small">
          <Link href={`/runs/${run.id}`}>run {run.id}</Link> {run.status !== "succeeded" && <Status status={run.status} />}
        </span>
      )}
      {side === "left" && !choice.right && trainedArms(sweep).length > 1 && (
        <button type="button" className="button quiet" onClick={() => change({ right: null })}>
          Compare with another
        </button>
      )}
    </header>
  );
}

/** An arm, and how it did on the problem. */
function optionOf(arm: Arm, side: Side, { indices, problem }: Looked): string {
  const run = indices[side]?.runs.find((one) => one.arm === arm.name);
  const tally = run?.groups.find(({ key }) => key === problem?.key);
  const name = arm.is_baseline ? `${arm.name}, baseline` : arm.name;
  return tally ? `${name} (${tally.correct} of ${tally.completions})` : name;
}

function Summary({ group, chosen, page, looked }: { group: RolloutGroup; chosen: Chosen; page: RolloutPage; looked: Looked }) {
  const flat = flatWords(group, chosen.arm);
  const filtered = looked.only !== null || looked.search !== "";
  return (
    <div className="rollout-summary small">
      <p className="rollout-facts">
        {groupWords(group).map((words) => (
          <span key={words}>{words}</span>
        ))}
        {filtered && <span className="muted">{`${count(page.total)} of them shown`}</span>}
      </p>
      {flat && <p className="rollout-flat">{flat}</p>}
    </div>
  );
}

function List({ sweep, side, chosen, looked, page, cursor, opened, onShowAll }: Props & { page: RolloutPage }) {
  const kappa = kappaOf(chosen.arm);
  const here = cursor?.side === side ? cursor : null;
  if (page.rollouts.length === 0) {
    return <p className="muted rollout-none">{noneWords(looked, "completion")}</p>;
  }
  return (
    <>
      <ol className="completions">
        {page.rollouts.map((rollout, place) => (
          <Completion
            // By place: the next step's completion takes over the focus of this one.
            key={place}
            rollout={rollout}
            side={side}
            place={place}
            kappa={kappa}
            categories={page.categories}
            search={looked.search}
            open={looked.unfolded !== opened.has(nameOf(page, rollout))}
            reached={place === Math.min(here?.place ?? 0, page.rollouts.length - 1)}
            token={here?.place === place ? here.token : undefined}
            link={completionAddress(sweep.id, looked, side, rollout.index)}
          />
        ))}
      </ol>
      {page.total > page.rollouts.length && (
        <p className="small">
          Showing {count(page.rollouts.length)} of {count(page.total)}.{" "}
          <button type="button" className="button quiet" onClick={onShowAll}>
            Show all
          </button>
        </p>
      )}
    </>
  );
}
