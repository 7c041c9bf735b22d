import { Link } from "wouter";

import type { ComparedArm, Comparison } from "../api/types";
import { runsAddress } from "../runs/address";
import { plural } from "../text/numbers";

interface Props {
  comparison: Comparison;
  sentences: Record<string, string>;
  selected: string | null;
  onBaseline: (arm: string) => void;
  onBeside: (arm: string) => void;
}

/** What may be said of the selected arm, and where one may go from it. */
export function SelectedArm({ comparison, sentences, selected, onBaseline, onBeside }: Props) {
  const arm = comparison.arms.find(({ name }) => name === selected);
  return (
    <div className="selected-arm" data-unpainted={arm ? undefined : ""}>
      <p aria-live="polite">{arm ? sentenceOf(arm, sentences) : <span className="muted">Select an arm to read what can be said of it.</span>}</p>
      {arm && (
        <p className="selected-links small" data-unpainted>
          <Link href={runsAddress(comparison.sweep_id, { arm: arm.name })}>{plural(arm.runs, "run")}</Link>
          {!arm.is_baseline && (
            <>
              <button type="button" className="link" onClick={() => onBeside(arm.name)}>
                Settings beside the baseline’s
              </button>
              <button type="button" className="link" onClick={() => onBaseline(arm.name)}>
                Set the others against it
              </button>
            </>
          )}
        </p>
      )}
    </div>
  );
}

function sentenceOf(arm: ComparedArm, sentences: Record<string, string>): string {
  if (arm.is_baseline) return `${arm.name} is the baseline: the other arms are compared with it.`;
  return sentences[arm.name] ?? `${arm.name}: there is no difference to the baseline yet.`;
}
