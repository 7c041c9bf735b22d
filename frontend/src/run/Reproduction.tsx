import { useState } from "react";

import { useAttemptRecord } from "../api/queries";
import type { AttemptRecord, RunDetail } from "../api/types";
import { CopyLine } from "../shell/CopyLine";
import { Fact } from "../shell/Fact";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { plural } from "../text/numbers";

/** What it takes to do the run again, as one of its attempts found it; the latest at first. */
export function Reproduction({ run }: { run: RunDetail }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const recorded = run.attempts.filter((attempt) => attempt.recorded);
  const number = chosen ?? recorded.at(-1)?.number;
  if (number === undefined) return <p className="muted">No attempt has left a record yet: one does as its trainer starts.</p>;
  return (
    <>
      {recorded.length > 1 && (
        <label className="inline-choice small">
          As attempt
          <select value={number} onChange={(event) => setChosen(Number(event.target.value))}>
            {recorded.map((attempt) => (
              <option key={attempt.number}>{attempt.number}</option>
            ))}
          </select>
          found it
        </label>
      )}
      <Recorded id={run.id} number={number} />
    </>
  );
}

function Recorded({ id, number }: { id: number; number: number }) {
  const found = useAttemptRecord(id, number);
  if (found.data) return <Record found={found.data} />;
  if (found.error) return <ProblemNotice title="The record could not be loaded" error={found.error} />;
  return <Skeleton lines={4} />;
}

export function Record({ found }: { found: AttemptRecord }) {
  const { code, packages, driver, surroundings, device, dtype, from_step } = found.record;
  const names = Object.keys(packages).sort();
  return (
    <div className="record">
      <p className="small muted">In the folder of Forkpoint, this line does it again from its beginning:</p>
      <CopyLine label="Command" text={found.command} />
      <dl className="settings two-columns">
        <Found name="Forkpoint" value={code.version} />
        <Found name="commit" value={code.commit && (code.dirty ? `${code.commit}, with changes` : code.commit)} />
        <Found name="device" value={[surroundings?.device_name, device].filter(Boolean).join(", ")} />
        <Found name="driver" value={driver} />
        <Found name="dtype" value={dtype} />
        <Found name="CUDA" value={surroundings?.cuda} />
        <Found name="Python" value={surroundings?.python} />
        <Found name="platform" value={surroundings?.platform} />
        <Found name="threads" value={surroundings && String(surroundings.threads)} />
        <Found name="went on from" value={from_step ? `step ${from_step}` : null} />
      </dl>
      <details>
        <summary className="small">{plural(names.length, "package")}</summary>
        <p className="small packages">
          {names.map((name) => (
            <span key={name}>
              {name} {packages[name]}
            </span>
          ))}
        </p>
      </details>
      {code.diff && (
        <details>
          <summary className="small">Changes since the commit{code.diff_cut && ", the beginning of them"}</summary>
          <pre className="log" tabIndex={0}>
            {code.diff}
          </pre>
        </details>
      )}
    </div>
  );
}

/** What was not recorded is left out. */
function Found({ name, value }: { name: string; value: string | null | undefined }) {
  return value ? <Fact name={name}>{value}</Fact> : null;
}
