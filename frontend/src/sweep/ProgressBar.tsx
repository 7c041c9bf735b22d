import type { Progress } from "../api/types";
import { count } from "../text/numbers";
import { STATES } from "../text/words";

/** The counts in words, which the bar draws: "12 succeeded, 2 running, 10 queued". */
export function progressWords(progress: Progress): string {
  const parts = STATES.filter((state) => progress[state] > 0).map((state) => `${count(progress[state])} ${state}`);
  return parts.length > 0 ? parts.join(", ") : "no runs";
}

/** A sweep's runs by state as one thin bar. */
export function ProgressBar({ progress }: { progress: Progress }) {
  return (
    <div className="progress" role="img" aria-label={progressWords(progress)}>
      {STATES.filter((state) => progress[state] > 0).map((state) => (
        <span key={state} className={`fill-${state}`} style={{ flexGrow: progress[state] }} />
      ))}
    </div>
  );
}

/** The bar's colours in words, for the page of one sweep. */
export function ProgressLegend({ progress }: { progress: Progress }) {
  return (
    <ul className="progress-legend">
      {STATES.filter((state) => progress[state] > 0).map((state) => (
        <li key={state}>
          <span className={`swatch fill-${state}`} aria-hidden="true" />
          <b>{count(progress[state])}</b> {state}
        </li>
      ))}
    </ul>
  );
}
