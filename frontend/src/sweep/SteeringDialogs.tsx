import { useId, useState } from "react";

import type { Steering, useSteering } from "../api/actions";
import { useSweepRuns } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { AskDialog } from "../shell/AskDialog";
import { ProblemNotice } from "../shell/Notice";
import { plural } from "../text/numbers";
import { countUnfinished } from "./verbs";

interface Props {
  sweep: SweepDetail;
  steering: ReturnType<typeof useSteering>;
  onClose: () => void;
}

/** What every question has in common: it is sent with its reason, and closes once it was done. */
function common({ steering, onClose }: Props, asked: Steering) {
  return {
    busy: steering.isPending,
    error: steering.error,
    onClose,
    onAct: (reason: string) => steering.mutate({ ...asked, reason }, { onSuccess: onClose }),
  };
}

export function CancelSweep(props: Props) {
  const runs = useSweepRuns(props.sweep.id, true);
  const { all, shared } = countUnfinished(runs.data?.runs ?? []);
  const [includeShared, setIncludeShared] = useState(false);
  const stopped = includeShared ? all : all - shared;
  const uncounted = runs.data ? null : runs.error;
  return (
    <AskDialog
      title={`Cancel “${props.sweep.name}”?`}
      verb={runs.data ? `Cancel ${plural(stopped, "run")}` : uncounted ? "Cancel its runs" : "Counting…"}
      danger
      incomplete={stopped === 0 && !uncounted}
      {...common(props, { verb: "cancel", includeShared })}
    >
      <p>Stops its unfinished runs. What was measured stays, and they can be retried.</p>
      {uncounted && <ProblemNotice title="How many they are could not be counted" error={uncounted} />}
      {(shared > 0 || uncounted) && (
        <label className="check">
          <input type="checkbox" checked={includeShared} onChange={(event) => setIncludeShared(event.target.checked)} />
          Stop {uncounted ? "runs" : `the ${plural(shared, "run")}`} that other sweeps share as well, for those sweeps too
        </label>
      )}
    </AskDialog>
  );
}

export function DrainSweep(props: Props) {
  const { queued } = props.sweep.progress;
  return (
    <AskDialog title={`Drain “${props.sweep.name}”?`} verb="Drain" danger {...common(props, { verb: "drain" })}>
      <p>
        Cancels what is queued ({plural(queued, "run")}), but for runs that other sweeps share; what runs finishes. To hold runs back
        without cancelling any, pause it instead.
      </p>
    </AskDialog>
  );
}

export function PrioritiseSweep(props: Props) {
  const [text, setText] = useState(String(props.sweep.priority));
  const priority = Number(text);
  const wrong = text.trim() === "" || !Number.isInteger(priority) || Math.abs(priority) > 100;
  return (
    <AskDialog title="Priority" verb="Set priority" incomplete={wrong} {...common(props, { verb: "priority", priority })}>
      <p>Runs of the sweep with the highest priority start first. Runs that have started are left alone.</p>
      <NumberField label="Priority" hint="-100 to 100; 0 unless it was said" text={text} wrong={wrong} onText={setText} />
    </AskDialog>
  );
}

export function LimitSweep(props: Props) {
  const [text, setText] = useState(props.sweep.max_running === null ? "" : String(props.sweep.max_running));
  const maxRunning = text.trim() === "" ? null : Number(text);
  const wrong = maxRunning !== null && !(Number.isInteger(maxRunning) && maxRunning >= 1 && maxRunning <= 10_000);
  return (
    <AskDialog title="Limit of running runs" verb="Set limit" incomplete={wrong} {...common(props, { verb: "limit", maxRunning })}>
      <p>Lets at most so many of its runs run at once, so that other sweeps have room. Those that run already go on.</p>
      <NumberField label="Running runs at most" hint="empty: no limit" text={text} wrong={wrong} onText={setText} />
    </AskDialog>
  );
}

interface NumberFieldProps {
  label: string;
  hint: string;
  text: string;
  wrong: boolean;
  onText: (text: string) => void;
}

function NumberField({ label, hint, text, wrong, onText }: NumberFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        <span className="field-hint">{hint}</span>
      </label>
      <input id={id} inputMode="numeric" value={text} autoComplete="off" aria-invalid={wrong} onChange={(event) => onText(event.target.value)} />
    </div>
  );
}
