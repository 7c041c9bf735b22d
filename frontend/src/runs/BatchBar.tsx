import { useState } from "react";

import { type BatchVerb, useBatch } from "../api/actions";
import { useSession } from "../api/session";
import type { RunResult, SweepRun } from "../api/types";
import { AskDialog } from "../shell/AskDialog";
import { VerbButton } from "../shell/VerbButton";
import { refused, type Verb } from "../shell/verbs";
import { count, plural } from "../text/numbers";
import { BatchResults } from "./BatchResults";
import { eligible } from "./batches";

interface Props {
  sweep: number;
  selected: SweepRun[];
  onClear: () => void;
}

interface Done {
  verb: BatchVerb;
  results: RunResult[];
}

/** What can be done with the selected runs, at the foot of the window for as long as there are some. */
export function BatchBar({ sweep, selected, onClear }: Props) {
  const batch = useBatch(sweep);
  const [asked, setAsked] = useState<BatchVerb | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const forbidden = useSession().why("editor");

  function act(verb: BatchVerb) {
    batch.reset();
    setAsked(verb);
  }

  function send(verb: BatchVerb, reason: string) {
    const ids = eligible(verb, selected).map(({ id }) => id);
    batch.mutate(
      { verb, ids, reason },
      {
        onSuccess: (results) => {
          setAsked(null);
          setDone({ verb, results });
        },
      },
    );
  }

  return (
    <>
      {selected.length > 0 && (
        <div className="batch-bar" role="region" aria-label="Selected runs">
          <b>{count(selected.length)} selected</b>
          <div className="actions verbs">
            {refused(verbsOf(selected), forbidden).map((verb) => (
              <VerbButton key={verb.id} verb={verb} busy={batch.isPending} onAct={act} />
            ))}
            <button type="button" className="button" onClick={onClear}>
              Clear
            </button>
          </div>
        </div>
      )}
      {asked && (
        <Question verb={asked} selected={selected} busy={batch.isPending} error={batch.error} onAct={(reason) => send(asked, reason)} onClose={() => setAsked(null)} />
      )}
      {done && <BatchResults {...done} sweep={sweep} onClose={() => setDone(null)} />}
    </>
  );
}

function verbsOf(selected: SweepRun[]): Verb<BatchVerb>[] {
  const cancel = eligible("cancel", selected).length;
  const retry = eligible("retry", selected).length;
  return [
    {
      id: "retry",
      label: retry > 0 ? `Retry ${count(retry)}…` : "Retry…",
      meaning: "Queues those that have failed or were cancelled again.",
      whyNot: retry > 0 ? undefined : "None of them has failed or was cancelled.",
    },
    {
      id: "cancel",
      label: cancel > 0 ? `Cancel ${count(cancel)}…` : "Cancel…",
      meaning: "Stops those that are queued or running.",
      whyNot: cancel > 0 ? undefined : "None of them is queued or running.",
      danger: true,
    },
  ];
}

interface QuestionProps {
  verb: BatchVerb;
  selected: SweepRun[];
  busy: boolean;
  error: Error | null;
  onAct: (reason: string) => void;
  onClose: () => void;
}

function Question({ verb, selected, ...rest }: QuestionProps) {
  const runs = eligible(verb, selected);
  const others = selected.length - runs.length;
  const shared = runs.filter(({ shared_with }) => shared_with.length > 0).length;
  const stops = verb === "cancel";
  return (
    <AskDialog
      title={stops ? `Cancel ${plural(runs.length, "run")}?` : `Retry ${plural(runs.length, "run")}?`}
      verb={stops ? `Cancel ${plural(runs.length, "run")}` : `Retry ${plural(runs.length, "run")}`}
      danger={stops}
      incomplete={runs.length === 0}
      {...rest}
    >
      <p>
        {stops
          ? "Stops them: at once what is queued, soon what runs. What was measured stays, and they can be retried."
          : "Queues them again. What was cancelled goes on from its checkpoint if there is one; what failed starts over."}
      </p>
      {others > 0 && (
        <p>
          {count(others)} of the {count(selected.length)} selected {others === 1 ? "is" : "are"} left alone:{" "}
          {stops ? "neither queued nor running." : "neither failed nor cancelled."}
        </p>
      )}
      {shared > 0 && (
        <p>
          <b>{plural(shared, "run")}</b> {shared === 1 ? "is" : "are"} asked for by other sweeps as well: this is done to {shared === 1 ? "it" : "them"} for
          those too.
        </p>
      )}
    </AskDialog>
  );
}
