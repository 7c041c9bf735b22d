import { useEffect, useRef, useState, type FormEvent } from "react";
import { useLocation } from "wouter";

import { useConfirm } from "../api/actions";
import { Problem } from "../api/client";
import { useConfirmationPreview } from "../api/queries";
import type { ConfirmationPreview, FieldError } from "../api/types";
import { Choice, Field } from "../editor/Field";
import { parseNumbers, type Parsed } from "../editor/fields";
import { submitLabel } from "../editor/PreviewPanel";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { count } from "../text/numbers";
import { duration } from "../text/times";

interface Props {
  id: number;
  /** The arms that can be confirmed. */
  names: string[];
  chosen: string | undefined;
  onClose: () => void;
}

/** Which arm, with which seeds, and what that would do; errors stand where they belong. */
export default function ConfirmDialog({ id, names, chosen, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [arm, setArm] = useState(chosen ?? (names.length === 1 ? names[0] : undefined) ?? "");
  const [seeds, setSeeds] = useState<number[]>([]);
  const asked = JSON.stringify({ arm, seeds: seeds.length > 0 ? seeds : null });
  const settled = useSettled(asked);
  const preview = useConfirmationPreview(id, arm ? settled : null);
  const confirm = useConfirm(id);
  const [, navigate] = useLocation();
  const current = settled === asked;
  const plan = preview.data;
  const ready = arm !== "" && current && plan !== undefined && !confirm.isPending;
  const error = confirm.error ?? (current ? preview.error : null);
  const elsewhere = error && !fieldErrors(error).some(({ field }) => isAt(field, "arm") || isAt(field, "seeds"));

  useEffect(() => dialog.current?.showModal(), []);

  function change(apply: () => void) {
    confirm.reset();
    apply();
  }

  function send(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    if (plan.sweep_id !== null) navigate(`/sweeps/${plan.sweep_id}`);
    else confirm.mutate({ arm: plan.arm, seeds: plan.seeds }, { onSuccess: (sweep) => navigate(`/sweeps/${sweep.id}`) });
  }

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="confirm-title" onClose={onClose}>
      <form onSubmit={send}>
        <h2 id="confirm-title">Confirm an arm</h2>
        <p className="small">
          The best of many arms owes part of its lead to luck. This trains one arm and the baseline again with new seeds, grades
          both on held-out problems, and keeps the result apart from this sweep’s.
        </p>
        <Choice label="Arm" shown={{ text: arm, editable: true }} choices={names} onValue={(value) => change(() => setArm(String(value)))} errors={messages(error, "arm")} />
        <Field
          label="New seeds"
          hint="empty: as many as this sweep has, at least 3"
          shown={{ text: seeds.join(", "), editable: true }}
          placeholder={plan?.seeds.join(", ")}
          parse={parseSeeds}
          onValue={(value) => change(() => setSeeds(value as number[]))}
          errors={messages(error, "seeds")}
        />
        {elsewhere && <ProblemNotice title="It cannot be confirmed" error={error} />}
        {arm !== "" && !error && <Plan plan={plan} outdated={!current} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
          <button type="submit" className="button primary" disabled={!ready}>
            {plan && plan.sweep_id !== null ? "Open it" : submitLabel(plan)}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Plan({ plan, outdated }: { plan: ConfirmationPreview | undefined; outdated: boolean }) {
  if (!plan) return <Skeleton lines={2} />;
  return (
    <div className={outdated ? "preview outdated" : "preview"} aria-live="polite">
      <dl className="figures">
        <Figure title="Seeds" text={plan.seeds.join(", ")} />
        <Figure title="Held-out problems" text={`${count(plan.problems)} × ${count(plan.samples)} samples`} />
        <Figure title="Runs" text={count(plan.runs)} />
        <Figure title="Device time" text={plan.device_seconds === null ? "unknown" : duration(plan.device_seconds)} />
      </dl>
      <p className="small muted">
        {plan.sweep_id !== null ? "This arm has been confirmed with these seeds already." : plan.question}
      </p>
    </div>
  );
}

function Figure({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{text}</dd>
    </div>
  );
}

/** Nothing written means the seeds that are proposed. */
function parseSeeds(text: string): Parsed {
  return text.trim() === "" ? { value: [] } : parseNumbers(text);
}

function fieldErrors(error: Error): FieldError[] {
  return error instanceof Problem ? error.errors : [];
}

/** "seeds[1]" is at "seeds". */
function isAt(field: string, name: string): boolean {
  return field === name || field.startsWith(`${name}[`);
}

function messages(error: Error | null, field: string): string[] {
  const errors = error ? fieldErrors(error) : [];
  return errors.filter((wrong) => isAt(wrong.field, field)).map(({ message }) => message);
}
