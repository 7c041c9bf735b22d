import { useMemo, useState } from "react";

import { useExtend } from "../api/actions";
import { fieldErrorsOf, isSaidAt } from "../api/client";
import { useExtensionPreview } from "../api/queries";
import type { Extension, SweepDetail } from "../api/types";
import { Field } from "../editor/Field";
import { type Parsed, parseSeeds } from "../editor/fields";
import { Counted, mendWords, useMistakes } from "../editor/mistakes";
import { PreviewPanel, workOf } from "../editor/PreviewPanel";
import { AskDialog } from "../shell/AskDialog";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { plural } from "../text/numbers";
import { type Axis, readAxes, writeRequest } from "./values";

/** Which seeds and values a sweep gets besides what it has, and what that would add. */
export default function ExtendDialog({ sweep, onClose }: { sweep: SweepDetail; onClose: () => void }) {
  const axes = useMemo(() => readAxes(sweep.spec), [sweep.spec]);
  const [seeds, setSeeds] = useState<number[]>([]);
  const [texts, setTexts] = useState<string[]>([]);
  const request = writeRequest(axes, texts, seeds);
  const asked = JSON.stringify(request);
  const settled = useSettled(asked);
  const current = settled === asked;
  const preview = useExtensionPreview(sweep.id, settled === "null" ? null : settled);
  const extend = useExtend(sweep.id);
  const plan = current && request ? preview.data : undefined;
  const mistakes = useMistakes();
  const refusal = current && request ? preview.error : null;

  function change(apply: () => void) {
    extend.reset();
    apply();
  }

  function write(index: number, text: string) {
    change(() => setTexts((before) => axes.map((_, at) => (at === index ? text : (before[at] ?? "")))));
  }

  return (
    <AskDialog
      title={`Extend “${sweep.name}”`}
      verb={extendLabel(plan)}
      incomplete={!plan || plan.runs === 0 || mistakes.many > 0}
      busy={extend.isPending}
      error={extend.error}
      onClose={onClose}
      onAct={(reason) => request && extend.mutate({ request, reason }, { onSuccess: onClose })}
    >
      <p className="small">Adds to what the sweep has; only the runs that are missing are trained, and the comparison takes them in.</p>
      <Counted value={mistakes.report}>
        <Field
          label="More seeds"
          hint={`it has ${listed(sweep.spec.seeds)}`}
          shown={{ text: seeds.join(", "), editable: true }}
          parse={parseSeeds}
          onValue={(value) => change(() => setSeeds(value as number[]))}
          errors={fieldErrorsOf(refusal, "seeds")}
        />
        {axes.length > 0 && (
          <fieldset className="extend-values">
            <legend>More values</legend>
            {axes.map((axis, index) => (
              <Field
                key={`${axis.template} ${axis.parameter}`}
                label={`${axis.template}: ${axis.parameter}`}
                hint={`it has ${axis.has.join(", ")}`}
                shown={{ text: texts[index] ?? "", editable: true }}
                parse={parseAnything}
                onValue={(value) => write(index, String(value))}
                errors={fieldErrorsOf(refusal, fieldOf(axis))}
              />
            ))}
          </fieldset>
        )}
      </Counted>
      {refusal && !isShown(refusal, axes) && <ProblemNotice title="It cannot be extended so" error={refusal} />}
      {mistakes.many > 0 && <p className="small">{mendWords(mistakes.many)}</p>}
      {request && !refusal && <Plan plan={plan} outdated={mistakes.many > 0} />}
    </AskDialog>
  );
}

function Plan({ plan, outdated }: { plan: Extension | undefined; outdated: boolean }) {
  if (!plan) return <Skeleton lines={3} />;
  if (plan.runs === 0) return <p className="small">It has all of this already: nothing would be added.</p>;
  return <PreviewPanel preview={plan} outdated={outdated} />;
}

function extendLabel(plan: Extension | undefined): string {
  if (!plan || plan.runs === 0) return "Extend";
  const work = workOf(plan);
  return work === 0 ? "Extend, nothing to train" : `Extend, train ${plural(work, "run")}`;
}

function listed(seeds: unknown): string {
  return Array.isArray(seeds) ? seeds.join(", ") : "none";
}

function parseAnything(text: string): Parsed {
  return { value: text };
}

function isShown(error: Error, axes: Axis[]): boolean {
  return isSaidAt(error, ["seeds", ...axes.map(fieldOf)]);
}

function fieldOf({ template, parameter }: Axis): string {
  return `values.${template}.${parameter}`;
}
