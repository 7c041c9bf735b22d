import type { RunDetail } from "../api/types";
import { Status } from "../sweep/Status";
import { between, exact } from "../text/times";
import { outcomeWords } from "../text/words";

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

/** Every execution by a worker, with how it ended in words. */
export function Attempts({ run, now }: { run: RunDetail; now: number }) {
  if (run.attempts.length === 0) return <p className="muted attempts-none">No worker has taken this run yet.</p>;
  return (
    <table className="list cards attempts">
      <thead>
        <tr>
          <th scope="col">Attempt</th>
          <th scope="col">How it ended</th>
          <th scope="col">Took</th>
          <th scope="col">Worker</th>
          <th scope="col">Device</th>
          <th scope="col">Said</th>
        </tr>
      </thead>
      <tbody>
        {run.attempts.map((attempt) => (
          <tr key={attempt.number}>
            <td data-label="Attempt">
              {attempt.number}
            </td>
            <td data-label="How it ended">{outcomeWords(attempt.outcome)}</td>
            <td data-label="Took">
              <time dateTime={attempt.started_at} title={`began ${exact(attempt.started_at)}`}>
                {between(attempt.started_at, attempt.ended_at, now)}
              </time>
            </td>
            <td data-label="Worker">{attempt.worker}</td>
            <td data-label="Device">
              <span className="tag">{attempt.device}</span>
            </td>
            <td data-label="Said" className="small muted wrap">
              {said(attempt)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function said({ reason, exit_code }: RunDetail["attempts"][number]): string {
  const code = exit_code ? `exit code ${exit_code}` : "";
  return [reason, code].filter(Boolean).join("; ");
}
