import { Link } from "wouter";

import type { SweepDetail } from "../api/types";
import { ArmName } from "./ArmName";
import { Status } from "./Status";

/** What a confirmation confirms. */
export function ConfirmsLine({ confirms }: { confirms: SweepDetail["confirms"] }) {
  if (!confirms) return null;
  return (
    <p>
      Confirms <ArmName name={confirms.arm} /> of <Link href={`/sweeps/${confirms.sweep_id}`}>{confirms.name}</Link>: new seeds, held-out
      problems.
    </p>
  );
}

/** What confirms the arms of a search. */
export function ConfirmationList({ confirmations }: { confirmations: SweepDetail["confirmations"] }) {
  if (confirmations.length === 0) return null;
  return (
    <section className="card confirmations" aria-labelledby="confirmations-title">
      <h2 id="confirmations-title">Confirmations</h2>
      <p className="small muted">New seeds and held-out problems; their results are kept apart from those below.</p>
      <ul>
        {confirmations.map((one) => (
          <li key={one.sweep_id}>
            <Link href={`/sweeps/${one.sweep_id}`}>Sweep {one.sweep_id}</Link>
            <ArmName name={one.arm} />
            <Status status={one.status} />
          </li>
        ))}
      </ul>
    </section>
  );
}
