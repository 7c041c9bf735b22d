import { useState } from "react";
import { useLocation } from "wouter";

import { useConfirm } from "../api/actions";
import { fieldErrorsOf, isSaidAt } from "../api/client";
import { useConfirmationPreview } from "../api/queries";
import type { ConfirmationPreview } from "../api/types";
import { Choice, Field } from "../editor/Field";
import { parseSeeds } from "../editor/fields";
import { Counted, mendWords, useMistakes } from "../editor/mistakes";
import { submitLabel } from "../editor/PreviewPanel";
import { Dialog } from "../shell/Dialog";
import { Fact } from "../shell/Fact";
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
  const [arm, setArm] = useState(chosen ?? (names.length === 1 ? names[0] : undefined) ?? "");
  const [seeds, setSeeds] = useState<number[]>([]);
  const asked = JSON.stringify({ arm, seeds: seeds.length > 0 ? seeds : null });
  const settled = useSettled(asked);
  const preview = useConfirmationPreview(id, arm ? settled : null);
  const confirm = useConfirm(id);
  const [, navigate] = useLocation();
  const current = settled === asked;
  const plan = preview.data;
  const mistakes = useMistakes();
  const ready = mistakes.many === 0 && arm !== "" && current && plan !== undefined && !confirm.isPending;
  const error = confirm.error ?? (current ? preview.error : null);
  const elsewhere = error && !isSaidAt(error, ["arm", "seeds"]);

  function change(apply: () => void) {
    confirm.reset();
    apply();
  }

  function send() {
    if (!ready) return;
    if (plan.sweep_id !== null) navigate(`/sweeps/${plan.sweep_id}`);
    else confirm.mutate({ arm: plan.arm, seeds: plan.seeds }, { onSuccess: (sweep) => navigate(`/sweeps/${sweep.id}`) });
  }

  return (
    <Dialog
      title="Confirm an arm"
      onClose={onClose}
      onSend={send}
      actions={
        <>
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" className="button primary" disabled={!ready}>
            {plan && plan.sweep_id !== null ? "Open it" : submitLabel(plan)}
          </button>
        </>
      }
    >
      <p className="small">
        The best of many arms owes part of its lead to luck. This trains one arm and the baseline again with new seeds, grades
        both on held-out problems, and keeps the result apart from this sweep’s.
      </p>
      <Choice label="Arm" shown={{ text: arm, editable: true }} choices={names} onValue={(value) => change(() => setArm(String(value)))} errors={fieldErrorsOf(error, "arm")} />
      <Counted value={mistakes.report}>
        <Field
          label="New seeds"
          hint="empty: as many as this sweep has, at least 3"
          shown={{ text: seeds.join(", "), editable: true }}
          placeholder={plan?.seeds.join(", ")}
          parse={parseSeeds}
          onValue={(value) => change(() => setSeeds(value as number[]))}
          errors={fieldErrorsOf(error, "seeds")}
        />
      </Counted>
      {elsewhere && <ProblemNotice title="It cannot be confirmed" error={error} />}
      {mistakes.many > 0 && <p className="small">{mendWords(mistakes.many)}</p>}
      {arm !== "" && !error && <Plan plan={plan} outdated={!current || mistakes.many > 0} />}
    </Dialog>
  );
}

function Plan({ plan, outdated }: { plan: ConfirmationPreview | undefined; outdated: boolean }) {
  if (!plan) return <Skeleton lines={2} />;
  return (
    <div className={outdated ? "preview outdated" : "preview"} aria-live="polite">
      <dl className="figures">
        <Fact name="Seeds">{plan.seeds.join(", ")}</Fact>
        <Fact name="Held-out problems">{`${count(plan.problems)} × ${count(plan.samples)} samples`}</Fact>
        <Fact name="Runs">{count(plan.runs)}</Fact>
        <Fact name="Device time">{plan.device_seconds === null ? "unknown" : duration(plan.device_seconds)}</Fact>
      </dl>
      <p className="small muted">
        {plan.sweep_id !== null ? "This arm has been confirmed with these seeds already." : plan.question}
      </p>
    </div>
  );
}
