import { measure as number } from "../text/numbers";
import { BOUNDS, shade, UNITS, type Measure } from "./shades";

/** The shades and the values at which they change, and what else tokens are marked with. */
export function Legend({ measure, shaped }: { measure: Measure; shaped: boolean }) {
  return (
    <div className="shade-legend">
      <span className="shade-name">{UNITS[measure]}</span>
      <span className="shade-scale tokens" data-shade={measure} role="img" aria-label={described(measure)}>
        {steps(measure).map(({ name, from }) => (
          <span key={name} className="shade-step">
            <span className={name} />
            <span className="shade-value">{from}</span>
          </span>
        ))}
      </span>
      {measure === "psi" && <Note shaped={shaped} />}
    </div>
  );
}

function Note({ shaped }: { shaped: boolean }) {
  if (!shaped) return <span className="muted">neither arm is shaped, so ψ is 0</span>;
  return (
    <span className="muted">
      <span className="shade-capped" aria-hidden="true" /> a line above: ψ is at its cap |A|/κ
    </span>
  );
}

interface Step {
  name: string;
  from: string;
}

/** From the least to the most; of a signed measure, from the most below zero. */
function steps(measure: Measure): Step[] {
  const bounds = BOUNDS[measure];
  const above = bounds.map((bound) => ({ name: shade(measure, bound), from: number(bound) }));
  if (measure !== "advantage") return [{ name: "", from: "0" }, ...above];
  const shown = above.map((step, at) => ({ ...step, from: at === 0 ? ">0" : `+${step.from}` }));
  const below = bounds.map((bound, at) => ({ name: shade(measure, -bound), from: at === 0 ? "<0" : number(-bound) })).reverse();
  return [...below, { name: "", from: "0" }, ...shown];
}

function described(measure: Measure): string {
  const values = steps(measure).map(({ from }) => from);
  return `Shades change at ${values.join(", ")}: the same scale for every run and step`;
}
