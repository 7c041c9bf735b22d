import { Link } from "wouter";

import { isLive } from "../api/queries";
import type { SweepRun } from "../api/types";
import { Empty } from "../shell/Notice";
import { hasAny, type Chosen, type Side } from "./choice";
import type { Looked } from "./looked";

interface Props {
  side: Side;
  chosen: Chosen;
  looked: Looked;
}

/** Why a column has no completions, and what to do. */
export function Nothing({ side, chosen, looked }: Props) {
  const { choice, step, steps, problems, change } = looked;
  const { left, right } = choice;
  const { run, arm, seed } = chosen;
  if (!run) return <Empty title="No such run">{`The sweep has no run of ${arm.name} with seed ${seed}.`}</Empty>;
  if (!hasAny(run)) return <NotBegun run={run} />;
  if (step !== null && run.step < step) {
    return (
      <Empty title={`Not at step ${step} yet`}>
        <p>This run is at step {run.step}. Its completions appear here as soon as it gets there.</p>
      </Empty>
    );
  }
  if (!problems.some((problem) => problem[side])) {
    if (isLive(run.status)) return <Empty title="On their way">{`What the run keeps of step ${step} is being recorded.`}</Empty>;
    return <Empty title={`Nothing kept at step ${step}`}>{`Completions are kept at steps ${steps.join(", ")}.`}</Empty>;
  }
  if (left && right && left.seed !== right.seed) {
    return (
      <Empty title="Another seed, other problems">
        <p>Runs of one seed train on the same problems at a step; those of two do not.</p>
        <p>
          <button type="button" className="button" onClick={() => change({ seed: String(left.seed), right_seed: null })}>
            Seed {left.seed} on both sides
          </button>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing kept of this problem">
      <p>
        At step {step} this run kept completions of other problems. The list of problems says which the {side === "left" ? "right" : "left"} side has as well.
      </p>
    </Empty>
  );
}

function NotBegun({ run }: { run: SweepRun }) {
  switch (run.status) {
    case "queued":
      return (
        <Empty title="The run is queued">
          <p>The first completions are kept after its first step.</p>
        </Empty>
      );
    case "running":
    case "cancelling":
      return (
        <Empty title="The run is in its first step">
          <p>Completions appear here as soon as it is done.</p>
        </Empty>
      );
    case "failed":
      return (
        <Empty title="The run failed before its first step">
          <p>
            Its error is on the page of <Link href={`/runs/${run.id}`}>run {run.id}</Link>.
          </p>
        </Empty>
      );
    default:
      return (
        <Empty title="The run kept no completions">
          <p>
            It ended before its first step; what happened is on the page of <Link href={`/runs/${run.id}`}>run {run.id}</Link>.
          </p>
        </Empty>
      );
  }
}

/** Why the whole sweep has none. */
export function NothingAtAll({ runs, trained }: { runs: SweepRun[]; trained: boolean }) {
  const failed = runs.find((run) => run.status === "failed");
  const waits = runs.some((run) => run.status === "queued" || run.status === "running");
  if (!trained) {
    return (
      <Empty title="No rollouts here">
        <p>This sweep only evaluates the base model. Rollouts are completions of training: add an arm that trains to see some.</p>
      </Empty>
    );
  }
  if (!waits && failed) {
    return (
      <Empty title="Every run failed before its first step">
        <p>
          So no completion was kept. What happened is on the page of <Link href={`/runs/${failed.id}`}>run {failed.id}</Link>.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No rollouts yet">
      <p>
        Of ten evenly spaced steps, the first and the last among them, each run keeps up to 16 training completions with their values token by token. The
        first appear here after a run’s first step.
      </p>
    </Empty>
  );
}
