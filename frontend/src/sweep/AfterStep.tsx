import type { ViewChange } from "../shell/view";

interface Props {
  steps: readonly number[];
  /** None stands for each arm's last. */
  step: number | null;
  change: (wanted: ViewChange) => void;
}

/** After which step models are looked at; `after` in the address. */
export function AfterStep({ steps, step, change }: Props) {
  return (
    <select aria-label="After step" value={step ?? ""} onChange={(event) => change({ after: event.target.value || null })}>
      <option value="">the last</option>
      {steps.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}
