import { useEffect, useId, useMemo, useRef } from "react";

import type { FailureClass, SweepRun } from "../api/types";
import type { ViewChange } from "../shell/view";
import { count } from "../text/numbers";
import { FAILURES, STATES } from "../text/words";
import { filtered } from "./address";
import { type Column, COLUMNS } from "./columns";
import { isFiltered, occurring, type RunsView, UNFILTERED } from "./rows";

interface Props {
  runs: SweepRun[];
  view: RunsView;
  onChange: (change: ViewChange) => void;
}

/** Which runs are wanted, and under which heads. A choice of one is no choice, and is not offered. */
export function FilterBar({ runs, view, onChange }: Props) {
  const choices = useMemo(() => choicesOf(runs), [runs]);
  return (
    <div className="run-filters">
      <States runs={runs} state={view.state} onChoose={(state) => onChange(filtered({ state }))} />
      <div className="run-choices">
        <input
          type="search"
          className="search"
          placeholder="Find: run, arm, worker, error"
          aria-label="Find runs"
          value={view.find}
          onChange={(event) => onChange(filtered({ find: event.target.value }))}
        />
        <Choice label="Arm" any="every arm" values={choices.arm} chosen={view.arm} onChoose={(arm) => onChange(filtered({ arm }))} />
        <Choice label="Seed" any="every seed" values={choices.seed} chosen={view.seed} onChoose={(seed) => onChange(filtered({ seed }))} />
        <Choice label="Worker" any="every worker" values={choices.worker} chosen={view.worker} onChoose={(worker) => onChange(filtered({ worker }))} />
        <Choice
          label="Failure"
          any="any failure"
          values={choices.failure}
          names={FAILURES}
          atLeast={1}
          chosen={view.failure}
          onChoose={(failure) => onChange(filtered({ failure }))}
        />
        <Choice label="Group by" any="no groups" values={["arm", "state"]} chosen={view.group} onChoose={(group) => onChange({ "runs-group": group, "runs-closed": null })} />
        {isFiltered(view) && (
          <button type="button" className="button quiet" onClick={() => onChange(UNFILTERED)}>
            Show all
          </button>
        )}
      </div>
    </div>
  );
}

function choicesOf(runs: SweepRun[]) {
  return {
    arm: occurring(runs, ({ arm }) => arm),
    seed: occurring(runs, ({ seed }) => seed),
    worker: occurring(runs, ({ worker }) => worker),
    failure: occurring(runs, ({ status, failure }) => (status === "failed" ? failure : null)),
  };
}

interface StatesProps {
  runs: SweepRun[];
  state: string | null;
  onChoose: (state: string | null) => void;
}

function States({ runs, state, onChoose }: StatesProps) {
  const counts = useMemo(() => STATES.map((name) => [name, runs.filter(({ status }) => status === name).length] as const), [runs]);
  return (
    <div className="filters" role="group" aria-label="Runs by state">
      <button type="button" aria-pressed={state === null} onClick={() => onChoose(null)}>
        All <span className="muted">{count(runs.length)}</span>
      </button>
      {counts.map(
        ([name, many]) =>
          (many > 0 || state === name) && (
            <button key={name} type="button" aria-pressed={state === name} onClick={() => onChoose(state === name ? null : name)}>
              <span className={`dot fill-${name}`} aria-hidden="true" /> {name} <span className="muted">{count(many)}</span>
            </button>
          ),
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  /** What stands for leaving it open. */
  any: string;
  values: string[];
  /** With fewer there is nothing to choose. */
  atLeast?: number;
  names?: Partial<Record<string, string>>;
  chosen: string | null;
  onChoose: (value: string | null) => void;
}

function Choice({ label, any, values, names = {}, atLeast = 2, chosen, onChoose }: ChoiceProps) {
  const id = useId();
  if (values.length < atLeast && chosen === null) return null;
  const offered = chosen === null || values.includes(chosen) ? values : [...values, chosen];
  return (
    <span className="choice">
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <select id={id} className={chosen === null ? "quiet" : "quiet chosen"} title={label} value={chosen ?? ""} onChange={(event) => onChoose(event.target.value || null)}>
        <option value="">{any}</option>
        {offered.map((value) => (
          <option key={value} value={value}>
            {label === "Group by" ? `by ${value}` : (names[value as FailureClass] ?? (label === "Seed" ? `seed ${value}` : value))}
          </option>
        ))}
      </select>
    </span>
  );
}

interface ChooserProps {
  columns: Column[];
  onChange: (ids: string[]) => void;
}

/** Which columns there are; the run's number stays, since it leads to it. */
export function ColumnChooser({ columns, onChange }: ChooserProps) {
  const ids = columns.map(({ id }) => id);
  const put = (id: string, wanted: boolean) => onChange(COLUMNS.map((one) => one.id).filter((one) => (one === id ? wanted : ids.includes(one))));
  const box = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const press = (event: PointerEvent) => !box.current?.contains(event.target as Node) && box.current?.removeAttribute("open");
    document.addEventListener("pointerdown", press);
    return () => document.removeEventListener("pointerdown", press);
  }, []);

  return (
    <details ref={box} className="chooser" onKeyDown={(event) => event.key === "Escape" && event.currentTarget.removeAttribute("open")}>
      <summary className="button quiet">Columns</summary>
      <fieldset>
        <legend className="visually-hidden">Columns</legend>
        {COLUMNS.map(({ id, label }) => (
          <label key={id} className="check">
            <input type="checkbox" checked={ids.includes(id)} disabled={id === "run"} onChange={(event) => put(id, event.target.checked)} />
            {label}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
