import { useId, useState } from "react";

import { useAnalyse, useAnalysisPreview } from "../api/behaviours";
import { fieldErrorsOf, isSaidAt } from "../api/client";
import { useCatalogue } from "../api/queries";
import type { AnalysisPreview, SweepDetail } from "../api/types";
import { Field } from "../editor/Field";
import { Counted, mendWords, useMistakes } from "../editor/mistakes";
import { Dialog } from "../shell/Dialog";
import { Fact } from "../shell/Fact";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { toggled } from "../shell/view";
import { count, plural } from "../text/numbers";
import { duration } from "../text/times";
import { FIRST, requestOf, STEP_NAMES, STEPS, type Asking, type Steps } from "./inquiries";

interface Props {
  sweep: SweepDetail;
  onClose: () => void;
}

const PROBE = ["probe.problems", "probe.traces"];
const RARE = ["rare.neighbours", "rare.share"];

/** What to look at in which runs, and what that costs at most. */
export default function AnalyseDialog({ sweep, onClose }: Props) {
  const [asking, setAsking] = useState<Asking>(FIRST);
  const asked = JSON.stringify(requestOf(asking));
  const settled = useSettled(asked);
  const preview = useAnalysisPreview(sweep.id, settled);
  const analyse = useAnalyse(sweep.id);
  const current = settled === asked;
  const plan = current ? preview.data : undefined;
  const mistakes = useMistakes();
  const ready = plan !== undefined && plan.new > 0 && mistakes.many === 0 && !analyse.isPending;
  const error = analyse.error ?? (current ? preview.error : null);
  const set = (change: Partial<Asking>) => {
    analyse.reset();
    setAsking((now) => ({ ...now, ...change }));
  };
  const part = { asking, set, error };

  return (
    <Dialog
      title="Analyse behaviour"
      onClose={onClose}
      onSend={() => ready && analyse.mutate(requestOf(asking), { onSuccess: onClose })}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" className="button primary" disabled={!ready}>
            {analyse.isPending ? "Queueing…" : plan ? submitLabel(plan) : "Queue analyses"}
          </button>
        </>
      }
    >
      <Counted value={mistakes.report}>
        <p className="small">
          Draws traces of the runs’ weights on evaluation problems and looks at what happens at their high-entropy tokens. The untrained model is looked at too, to
          compare with. Analyses wait in the queue as runs do, and trainings go on beside them.
        </p>
        <When {...part} />
        {asking.steps !== "untrained" && <Arms sweep={sweep} chosen={asking.arms} onChoose={(arms) => set({ arms })} />}
        <div className="analyse-numbers">
          <Amount label="Problems" hint="usually 64" text={asking.problems} errors={fieldErrorsOf(error, "probe.problems")} onText={(problems) => set({ problems })} />
          <Amount label="Traces of each" hint="usually 4" text={asking.traces} errors={fieldErrorsOf(error, "probe.traces")} onText={(traces) => set({ traces })} />
        </div>
        <Words {...part} />
        <label className="check">
          <input type="checkbox" checked={asking.compares} onChange={(event) => set({ compares: event.target.checked })} />
          compare sentences with the untrained model’s
        </label>
        {asking.compares && <Rare {...part} />}
        <label className="check">
          <input type="checkbox" checked={asking.scores} onChange={(event) => set({ scores: event.target.checked })} />
          score traces under each other’s prompts
        </label>
      </Counted>
      {error && !isSaidAt(error, [...PROBE, ...RARE]) && <ProblemNotice title="That cannot be looked at" error={error} />}
      {mistakes.many > 0 && <p className="small">{mendWords(mistakes.many)}</p>}
      {!error && <Plan plan={plan} outdated={mistakes.many > 0} />}
    </Dialog>
  );
}

interface PartProps {
  asking: Asking;
  set: (change: Partial<Asking>) => void;
  error: Error | null;
}

function When({ asking, set }: PartProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>After which step</label>
      <select id={id} value={asking.steps} onChange={(event) => set({ steps: event.target.value as Steps })}>
        {STEPS.map((one) => (
          <option key={one} value={one}>
            {STEP_NAMES[one]}
          </option>
        ))}
      </select>
      {asking.steps === "all" && <p className="field-note">train.keep_every keeps weights during training; the last step’s are always kept.</p>}
    </div>
  );
}

function Words({ asking, set }: PartProps) {
  const id = useId();
  const catalogue = useCatalogue();
  return (
    <div className="field">
      <label htmlFor={id}>Words that count as pivotal</label>
      <select id={id} value={asking.lexicon} onChange={(event) => set({ lexicon: event.target.value })}>
        <option value="">the task’s own</option>
        {catalogue.data?.lexicons.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <p className="field-note">A list of your own can be sent over the API.</p>
    </div>
  );
}

/** Which sentences are rare; what is wrong with that is in view. */
function Rare({ asking, set, error }: PartProps) {
  const [open, setOpen] = useState(false);
  const wrong = RARE.some((field) => fieldErrorsOf(error, field).length > 0);
  return (
    <details className="analyse-rare" open={open || wrong} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="small">Which sentences are rare</summary>
      <p className="field-note">Those farthest, on average, from the nearest sentences of the untrained model on the same problems.</p>
      <div className="analyse-numbers">
        <Amount label="Nearest sentences" hint="usually 5" text={asking.neighbours} errors={fieldErrorsOf(error, "rare.neighbours")} onText={(neighbours) => set({ neighbours })} />
        <Amount label="Share that is rare" hint="usually 0.1" fractional text={asking.share} errors={fieldErrorsOf(error, "rare.share")} onText={(share) => set({ share })} />
      </div>
    </details>
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

interface AmountProps {
  label: string;
  hint: string;
  text: string;
  fractional?: boolean;
  errors: string[];
  onText: (text: string) => void;
}

function Amount({ label, hint, text, fractional = false, errors, onText }: AmountProps) {
  const [right, mistake] = fractional ? [/^\s*(\d*\.?\d+)?\s*$/, "a number, or nothing"] : [/^\s*\d*\s*$/, "a whole number, or nothing"];
  const parse = (typed: string) => (right.test(typed) ? { value: typed } : { mistake });
  return <Field label={label} hint={hint} shown={{ text, editable: true }} parse={parse} onValue={(value) => onText(String(value))} errors={errors} />;
}

function Plan({ plan, outdated }: { plan: AnalysisPreview | undefined; outdated: boolean }) {
  if (!plan) return <Skeleton lines={2} />;
  const known = plan.analyses - plan.new;
  return (
    <div className={outdated ? "preview outdated" : "preview"} aria-live="polite">
      <dl className="figures">
        <Fact name="Analyses">{count(plan.new)}</Fact>
        <Fact name="Words of">{plan.lexicon}</Fact>
        <Fact name="Traces each">{`${count(plan.problems)} × ${count(plan.traces)}`}</Fact>
        <Fact name="Device time">{plan.device_seconds === null ? "unknown" : duration(plan.device_seconds)}</Fact>
      </dl>
      <p className="small muted">
        Device time: {plan.estimate_basis}. At most {count(plan.drawn_tokens)} tokens are drawn, one by one, and {count(plan.scored_tokens)} read.
      </p>
      {known > 0 && (
        <p className="small muted">
          {plural(known, "analysis", "analyses")} of {plan.analyses} {known === 1 ? "is" : "are"} there or on the way already, and will not be made again.
        </p>
      )}
    </div>
  );
}
