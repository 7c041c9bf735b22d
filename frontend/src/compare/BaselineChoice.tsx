import { memo, useId } from "react";

import type { Comparison } from "../api/types";
import { baselineGroups } from "./baselines";

interface Props {
  comparison: Comparison;
  /** Null for the one that the sweep was submitted with. */
  onChoose: (baseline: string | null) => void;
}

/** Sets all arms against another one; that it was chosen afterwards is said among the warnings. */
export const BaselineChoice = memo(function BaselineChoice({ comparison, onChoose }: Props) {
  const id = useId();
  const { arms, baseline, submitted_baseline: own } = comparison;
  const choose = (name: string) => onChoose(name === own ? null : name);
  return (
    <div className="baseline-choice small">
      <label htmlFor={id}>baseline</label>
      <select id={id} value={baseline} onChange={(event) => choose(event.target.value)}>
        {baselineGroups(arms).map(({ label, names }) => (
          <optgroup key={label} label={label}>
            {names.map((name) => (
              <option key={name} value={name}>
                {name === own ? `${name} (as submitted)` : name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {baseline !== own && (
        <button type="button" className="button quiet" onClick={() => onChoose(null)}>
          Back to {own}
        </button>
      )}
    </div>
  );
});
