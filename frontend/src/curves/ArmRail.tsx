import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";

import type { SweepDetail, SweepRun } from "../api/types";
import { ArmMark } from "../charts/ArmMark";
import type { ArmStyle } from "../charts/palette";
import { ArmName } from "../sweep/ArmName";
import { templatesOf, type Template } from "./templates";
import { trainedArms } from "./view";

interface Props {
  sweep: SweepDetail;
  /** Where single runs are shown: to find them by their line's arm. */
  runs: SweepRun[];
  styles: Map<string, ArmStyle>;
  shown: string[];
  front: string | null;
  onShow: (arms: string[]) => void;
  onFront: (arm: string | null) => void;
  onPoint: (arm: string | null) => void;
}

/** With more arms than these they can be searched. */
const MANY = 12;

/** Which line is which arm: hide and show them one by one or by template, and keep one in front. */
export function ArmRail(props: Props) {
  const { sweep, shown, onShow, onPoint } = props;
  const [search, setSearch] = useState("");
  const all = trainedArms(sweep);
  const templates = templatesOf(sweep, search);
  return (
    <div className="arm-rail" onMouseLeave={() => onPoint(null)}>
      <p className="arm-rail-head small">
        <span className="muted" role="status">
          {shown.length} of {all.length} shown
        </span>
        <button type="button" className="button quiet" onClick={() => onShow(all)} disabled={shown.length === all.length}>
          All
        </button>
      </p>
      {all.length > MANY && <input type="search" value={search} placeholder="alpha=0.4" aria-label="Search arms" onChange={(event) => setSearch(event.target.value)} />}
      {templates.length === 0 && <p className="small muted">No arm has this in its name.</p>}
      {templates.map((template) => (
        <TemplateGroup key={template.name} template={template} {...props} />
      ))}
    </div>
  );
}

function TemplateGroup({ template, ...props }: Props & { template: Template }) {
  const { sweep, shown, onShow } = props;
  const box = useRef<HTMLInputElement>(null);
  const names = template.arms.map((arm) => arm.name);
  const on = names.filter((name) => shown.includes(name)).length;
  const some = on > 0 && on < names.length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  });

  function toggle(wanted: string[], show: boolean) {
    onShow(trainedArms(sweep).filter((name) => (wanted.includes(name) ? show : shown.includes(name))));
  }

  return (
    <fieldset>
      {names.length > 1 && (
        <legend>
          <label className="check">
            <input ref={box} type="checkbox" checked={on === names.length} onChange={() => toggle(names, on < names.length)} />
            {template.name}
          </label>
        </legend>
      )}
      <ul>
        {template.arms.map((arm) => (
          <li key={arm.name} onMouseEnter={() => props.onPoint(arm.name)} onFocus={() => props.onPoint(arm.name)} onBlur={() => props.onPoint(null)}>
            <ArmRow arm={arm} {...props} onToggle={(show) => toggle([arm.name], show)} />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function ArmRow({ arm, styles, shown, front, runs, onShow, onFront, onToggle }: Props & { arm: Template["arms"][number]; onToggle: (show: boolean) => void }) {
  const on = shown.includes(arm.name);
  const own = runs.filter((run) => run.arm === arm.name && run.attempt > 0);
  return (
    <div className={on ? "rail-arm" : "rail-arm off"}>
      <label className="check">
        <input type="checkbox" checked={on} onChange={() => onToggle(!on)} aria-label={arm.name} />
        <ArmMark style={styles.get(arm.name)} />
        <span>
          <ArmName name={arm.short} />
          {arm.isBaseline && <span className="muted"> baseline</span>}
        </span>
      </label>
      <span className="rail-arm-actions">
        <button type="button" onClick={() => onShow([arm.name])} aria-label={`Show ${arm.name} alone`}>
          only
        </button>
        <button type="button" aria-pressed={front === arm.name} disabled={!on} onClick={() => onFront(front === arm.name ? null : arm.name)} aria-label={`Keep ${arm.name} in front`}>
          front
        </button>
      </span>
      {on && own.length > 0 && (
        <span className="rail-arm-runs small muted">
          seed{" "}
          {own.map((run) => (
            <Link key={run.id} href={`/runs/${run.id}`}>
              {run.seed}
            </Link>
          ))}
        </span>
      )}
    </div>
  );
}
