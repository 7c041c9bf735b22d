import { useQueries } from "@tanstack/react-query";
import { type RefObject, useId, useRef } from "react";

import { runQuery, useSweepRuns } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { saveCsv } from "../charts/downloads";
import { ProblemNotice } from "../shell/Notice";
import { useSeen } from "../shell/seen";
import { plural } from "../text/numbers";
import { armSubject, differences, runDetailSubject, runOf, runSubject, type Differences, type Subject } from "./diff";
import { meaningOf } from "./meanings";

interface Props {
  sweep: SweepDetail;
  busy: boolean;
  /** What is compared, as the address names it. */
  chosen: string[];
  onChoose: (subjects: string[]) => void;
}

/** Two or more arms or runs side by side, and only the settings in which they differ. */
export function ConfigDiff({ sweep, busy, chosen, onChoose }: Props) {
  const wanted = chosen.map(runOf);
  const runs = useQueries({ queries: wanted.filter((id) => id !== null).map(runQuery) });
  const failed = runs.find(({ error, data }) => error && !data)?.error;
  const details = runs.flatMap(({ data }) => (data ? [data] : []));
  const subjects = chosen.flatMap((id, at): Subject[] => {
    const run = details.find((one) => one.id === wanted[at]);
    const arm = sweep.arms_list.find(({ name }) => name === id);
    return run ? [runDetailSubject(run)] : arm ? [armSubject(arm)] : [];
  });
  const found = differences(subjects);
  const adder = useRef<HTMLSelectElement>(null);
  return (
    <div className="config-diff">
      <div className="card-head">
        <h2 id="diff-title">Settings that differ</h2>
        <span className="card-actions">
          {subjects.length > 1 && found.rows.length > 0 && (
            <button type="button" className="button quiet" onClick={() => saveCsv(rowsOf(subjects, found), `sweep-${sweep.id}-settings`)}>
              CSV
            </button>
          )}
          <Adding adder={adder} sweep={sweep} busy={busy} chosen={chosen} onAdd={(id) => onChoose([...chosen, id])} />
        </span>
      </div>
      {failed && <ProblemNotice title="A run could not be loaded" error={failed} />}
      <Chosen subjects={subjects} adder={adder} onRemove={(id) => onChoose(chosen.filter((other) => other !== id))} />
      {subjects.length < 2 ? (
        <p className="muted small">Choose two arms or more; an arm’s runs can be chosen with it, or in its row of the table above.</p>
      ) : (
        <DiffTable subjects={subjects} found={found} />
      )}
    </div>
  );
}

type Adder = RefObject<HTMLSelectElement | null>;

/** One of them stays: without any the first choice would be back. */
function Chosen({ subjects, adder, onRemove }: { subjects: Subject[]; adder: Adder; onRemove: (id: string) => void }) {
  const list = useRef<HTMLUListElement>(null);

  /** A neighbour that can be taken out as well gets the focus, else what adds others. */
  function remove(id: string, at: number) {
    const crosses = [...(list.current?.querySelectorAll("button") ?? [])];
    const next = crosses.length > 2 ? (crosses[at + 1] ?? crosses[at - 1]) : adder.current;
    next?.focus();
    onRemove(id);
  }

  return (
    <ul ref={list} className="subjects">
      {subjects.map(({ id, name }, at) => (
        <li key={id} className="subject">
          {name}
          {subjects.length > 1 && (
            <button type="button" aria-label={`Take ${name} out`} onClick={() => remove(id, at)}>
              ×
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Arms that are not there yet, and the runs of those that are. */
function Adding({ adder, sweep, busy, chosen, onAdd }: Omit<Props, "onChoose"> & { adder: Adder; onAdd: (id: string) => void }) {
  const id = useId();
  const arms = sweep.arms_list.filter(({ name }) => !chosen.includes(name));
  const taken = new Set(chosen);
  const runs = useSweepRuns(sweep.id, busy, useSeen(adder)).data?.runs ?? [];
  const theirs = runs.filter((run) => taken.has(run.arm) && !taken.has(runSubject(run.id)));
  return (
    <>
      <label htmlFor={id} className="visually-hidden">
        Add an arm or a run to the settings compared
      </label>
      <select ref={adder} id={id} className="quiet" value="" onChange={(event) => onAdd(event.target.value)}>
        <option value="" disabled>
          Add…
        </option>
        <optgroup label="Arms">
          {arms.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </optgroup>
        {theirs.length > 0 && (
          <optgroup label="Runs of the chosen arms">
            {theirs.map((run) => (
              <option key={run.id} value={runSubject(run.id)}>
                run {run.id}: {run.arm}, seed {run.seed}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </>
  );
}

function DiffTable({ subjects, found: { rows, same } }: { subjects: Subject[]; found: Differences }) {
  const others = `${plural(same, "other setting")} ${same === 1 ? "is" : "are"} the same.`;
  if (rows.length === 0) return <p className="small">Nothing differs: all {plural(same, "setting")} are the same.</p>;
  return (
    <>
      <div className="scroll-box" tabIndex={0} role="region" aria-label="Table of settings">
        <table className="list compact diff">
          <thead>
            <tr>
              <th scope="col">Setting</th>
              {subjects.map(({ id, name }) => (
                <th key={id} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ setting, values }) => (
              <tr key={setting}>
                <th scope="row">
                  <code>{setting}</code>
                  {meaningOf(setting) && <span className="setting-meaning">{meaningOf(setting)}</span>}
                </th>
                {values.map((value, at) => (
                  <td key={subjects[at]?.id}>{value ?? <span className="muted">does not have it</span>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="small muted">{others} Model, task and evaluation are the sweep’s, for all its arms; runs alone show them too, with versions and device.</p>
    </>
  );
}

function rowsOf(subjects: Subject[], { rows }: Differences) {
  return [["setting", ...subjects.map(({ name }) => name)], ...rows.map(({ setting, values }) => [setting, ...values])];
}
