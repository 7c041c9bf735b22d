import type { ComparedArm } from "../api/types";
import { ArmMark } from "../charts/ArmMark";
import type { ArmStyle } from "../charts/palette";
import { ArmName } from "../sweep/ArmName";
import { noiseNote } from "./marks";

export interface ArmHeadProps {
  arm: ComparedArm;
  style: ArmStyle | undefined;
  /** Its training budget in words, where it is not the baseline's. */
  budget: string | undefined;
  selected: boolean;
  open: boolean;
  /** What is opened. */
  detail: string;
  onSelect: (arm: string) => void;
  onOpen: (arm: string) => void;
}

/** An arm's name, what to know before its figures are believed, and the way to its seeds. */
export function ArmHead({ arm, style, budget, selected, open, detail, onSelect, onOpen }: ArmHeadProps) {
  const note = noiseNote(arm);
  return (
    <>
      <div className="arm-head">
        <button
          type="button"
          className="arm-open"
          aria-expanded={open}
          aria-controls={open ? detail : undefined}
          aria-label={`Seeds of ${arm.name}`}
          onClick={() => onOpen(arm.name)}
        />
        <div className="arm-title">
          <button type="button" className="arm-name" aria-pressed={selected} onClick={() => onSelect(arm.name)}>
            <ArmMark style={style} />
            <ArmName name={arm.name} />
          </button>
          {arm.is_baseline && <span className="tag">baseline</span>}
          {arm.failed > 0 && <span className="tag danger">{arm.failed} failed</span>}
          {budget && <span className="tag warn" title={`Trained for ${budget} completions, unlike the baseline`}>{budget}</span>}
        </div>
      </div>
      {note && <p className="arm-note">{note}</p>}
    </>
  );
}
