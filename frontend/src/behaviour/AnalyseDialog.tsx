import { useEffect, useId, useRef, useState, type FormEvent } from "react";

import { useAnalyse, useAnalysisPreview } from "../api/behaviours";
import { Problem } from "../api/client";
import type { AnalysisPreview, SweepDetail } from "../api/types";
import { Field } from "../editor/Field";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { toggled } from "../shell/view";
import { count, plural } from "../text/numbers";
import { FIRST, requestOf, STEP_NAMES, STEPS, type Asking, type Steps } from "./inquiries";

interface Props {
  sweep: SweepDetail;
  onClose: () => void;
}

const LEXICONS = ["", "english-1", "countdown-1"];

/** What to look at in which runs, and what that costs at most. */
export default function AnalyseDialog({ sweep, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [asking, setAsking] = useState<Asking>(FIRST);
  const asked = JSON.stringify(requestOf(asking));
  const settled = useSettled(asked);
  const preview = useAnalysisPreview(sweep.id, settled);
  const analyse = useAnalyse(sweep.id);
  const current = settled === asked;
  const plan = current ? preview.data : undefined;
  const error = analyse.error ?? (current ? preview.error : null);
  const set = (change: Partial<Asking>) => {
    analyse.reset();
    setAsking((now) => ({ ...now, ...change }));
  };

  useEffect(() => dialog.current?.showModal(), []);

  function send(event: FormEvent) {
    event.preventDefault();
    if (plan) analyse.mutate(requestOf(asking), { onSuccess: () => dialog.current?.close() });
  }

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} onClose={onClose}>
      <form onSubmit={send}>
        <h2 id={`${id}-title`}>Analyse behaviour</h2>
        <p className="small">
          Draws traces of the runs’ weights on evaluation problems and looks at what happens at their high-entropy tokens. The untrained model is looked at too, to
          compare with. Analyses wait in the queue as runs do, and trainings go on beside them.
        </p>
        <div className="field">
          <label htmlFor={`${id}-steps`}>After which step</label>
          <select id={`${id}-steps`} value={asking.steps} onChange={(event) => set({ steps: event.target.value as Steps })}>
            {STEPS.map((one) => (
              <option key={one} value={one}>
                {STEP_NAMES[one]}
              </option>
            ))}
          </select>
          {asking.steps === "all" && <p className="field-note">train.keep_every keeps weights during training; the last step’s are always kept.</p>}
        </div>
        {asking.steps !== "untrained" && <Arms sweep={sweep} chosen={asking.arms} onChoose={(arms) => set({ arms })} />}
        <div className="analyse-numbers">
          <Number label="Problems" hint="usually 64" text={asking.problems} errors={messages(error, "probe.problems")} onText={(problems) => set({ problems })} />
          <Number label="Traces of each" hint="usually 4" text={asking.traces} errors={messages(error, "probe.traces")} onText={(traces) => set({ traces })} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-lexicon`}>Words that count as pivotal</label>
          <select id={`${id}-lexicon`} value={asking.lexicon} onChange={(event) => set({ lexicon: event.target.value })}>
            {LEXICONS.map((name) => (
              <option key={name} value={name}>
                {name || "the task’s own"}
              </option>
            ))}
          </select>
          <p className="field-note">A list of your own can be sent over the API.</p>
        </div>
        <label className="check">
          <input type="checkbox" checked={asking.compares} onChange={(event) => set({ compares: event.target.checked })} />
          compare sentences with the untrained model’s
        </label>
        <label className="check">
          <input type="checkbox" checked={asking.scores} onChange={(event) => set({ scores: event.target.checked })} />
          score traces under each other’s prompts
        </label>
        {error && !isAtNumber(error) && <ProblemNotice title="That cannot be looked at" error={error} />}
        {!error && <Plan plan={plan} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
          <button type="submit" className="button primary" disabled={!plan || plan.new === 0 || analyse.isPending}>
            {analyse.isPending ? "Queueing…" : plan ? submitLabel(plan) : "Queue analyses"}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function submitLabel(plan: AnalysisPreview): string {
  return plan.new === 0 ? "Nothing to queue" : `Queue ${plural(plan.new, "analysis", "analyses")}`;
}

function Arms({ sweep, chosen, onChoose }: { sweep: SweepDetail; chosen: string[]; onChoose: (arms: string[]) => void }) {
  const arms = sweep.arms_list.filter((arm) => arm.train !== null);
  return (
    <fieldset className="analyse-arms">
      <legend>
        Arms<span className="field-hint">{chosen.length === 0 ? "none ticked: all of them" : `${chosen.length} of ${arms.length}`}</span>
      </legend>
      {arms.map(({ name }) => (
        <label key={name} className="check">
          <input type="checkbox" checked={chosen.includes(name)} onChange={() => onChoose(toggled(chosen, name))} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

interface NumberProps {
  label: string;
  hint: string;
  text: string;
  errors: string[];
  onText: (text: string) => void;
}

function Number({ label, hint, text, errors, onText }: NumberProps) {
  const parse = (typed: string) => (/^\s*\d*\s*$/.test(typed) ? { value: typed } : { mistake: "a whole number, or nothing" });
  return <Field label={label} hint={hint} shown={{ text, editable: true }} parse={parse} onValue={(value) => onText(String(value))} errors={errors} />;
}

function Plan({ plan }: { plan: AnalysisPreview | undefined }) {
  if (!plan) return <Skeleton lines={2} />;
  const known = plan.analyses - plan.new;
  return (
    <div className="preview" aria-live="polite">
      <dl className="figures">
        <Fact title="Analyses" text={count(plan.new)} />
        <Fact title="Words of" text={plan.lexicon} />
        <Fact title="Traces each" text={`${count(plan.problems)} × ${count(plan.traces)}`} />
        <Fact title="Tokens to draw" text={`≤ ${count(plan.drawn_tokens)}`} />
        <Fact title="Tokens to score" text={`≤ ${count(plan.scored_tokens)}`} />
      </dl>
      {known > 0 && (
        <p className="small muted">
          {plural(known, "analysis", "analyses")} of {plan.analyses} {known === 1 ? "is" : "are"} there or on the way already, and will not be made again.
        </p>
      )}
    </div>
  );
}

function Fact({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function messages(error: Error | null, field: string): string[] {
  return error instanceof Problem ? error.errors.filter((wrong) => wrong.field === field).map(({ message }) => message) : [];
}

function isAtNumber(error: Error): boolean {
  return error instanceof Problem && error.errors.length > 0 && error.errors.every(({ field }) => field === "probe.problems" || field === "probe.traces");
}
