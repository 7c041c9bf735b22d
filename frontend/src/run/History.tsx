import type { RunDetail } from "../api/types";
import { Status } from "../sweep/Status";
import { between, exact } from "../text/times";

/** Every change of state with who made it and why. */
export function Transitions({ run }: { run: RunDetail }) {
  return (
    <ol className="transitions">
      {run.transitions.map((move) => (
        <li key={`${move.at} ${move.new}`}>
          <Status status={move.new} />
          <span>{move.reason}</span>
          <span className="small muted">
            <time dateTime={move.at}>{exact(move.at)}</time>, {move.actor}
            {move.attempt > 0 && !move.actor.startsWith("attempt") && `, attempt ${move.attempt}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

export function Attempts({ run, now }: { run: RunDetail; now: number }) {
  if (run.attempts.length === 0) return <p className="muted">No worker has taken this run yet.</p>;
  return (
    <ol className="attempts">
      {run.attempts.map((attempt) => (
        <li key={attempt.number}>
          <p>
            <b>Attempt {attempt.number}</b> on {attempt.worker} <span className="tag">{attempt.device}</span>
          </p>
          <p className="small">
            {attempt.outcome?.replaceAll("_", " ") ?? "running"} after {between(attempt.started_at, attempt.ended_at, now)}
            {attempt.exit_code !== null && `, exit code ${attempt.exit_code}`}
          </p>
          {attempt.reason && <p className="small muted wrap">{attempt.reason}</p>}
          {attempt.versions && (
            <p className="small muted">
              {Object.entries(attempt.versions)
                .map(([name, version]) => `${name} ${version}`)
                .join(" · ")}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
