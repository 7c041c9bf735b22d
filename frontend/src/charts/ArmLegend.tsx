import { ArmMark } from "./ArmMark";
import type { ArmStyle } from "./palette";

interface Props {
  arms: string[];
  notes?: Map<string, string>;
  styles: Map<string, ArmStyle>;
  hidden: Set<string>;
  focus: string | null;
  onToggle: (arm: string) => void;
  onFocus: (arm: string | null) => void;
}

/** Which line is which arm. A click hides or shows it; pointing at it brings it forward. */
export function ArmLegend({ arms, notes, styles, hidden, focus, onToggle, onFocus }: Props) {
  return (
    <ul className="arm-legend" onMouseLeave={() => onFocus(null)}>
      {arms.map((arm) => (
        <li key={arm}>
          <button
            type="button"
            aria-pressed={!hidden.has(arm)}
            className={focus === arm ? "focused" : undefined}
            onClick={() => onToggle(arm)}
            onMouseEnter={() => onFocus(arm)}
            onFocus={() => onFocus(arm)}
            onBlur={() => onFocus(null)}
          >
            <ArmMark style={styles.get(arm)} />
            {arm}
            {notes?.has(arm) && <span className="muted">{notes.get(arm)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
