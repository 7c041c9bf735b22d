import { useState } from "react";

import { plural } from "../text/numbers";
import { grouped, matching, meaningOf } from "./meanings";

interface Props {
  names: string[];
  chosen: string[];
  onChoose: (names: string[]) => void;
}

/** Every metric with its meaning, by what it is about; those chosen are shown in this order. */
export function MetricPicker({ names, chosen, onChoose }: Props) {
  const [search, setSearch] = useState("");
  const found = matching(names, search);

  function toggle(name: string) {
    onChoose(chosen.includes(name) ? chosen.filter((one) => one !== name) : names.filter((one) => one === name || chosen.includes(one)));
  }

  return (
    <details className="metric-picker">
      <summary>
        Choose metrics <span className="muted">{chosen.length} of {names.length}</span>
      </summary>
      <div className="metric-search">
        <input type="search" value={search} placeholder="entropy, clipped, reward …" aria-label="Search metrics" onChange={(event) => setSearch(event.target.value)} />
        <button type="button" className="button quiet" onClick={() => onChoose(found)} disabled={found.length === 0}>
          {search ? `Show ${plural(found.length, "match", "matches")}` : "Show all"}
        </button>
        <button type="button" className="button quiet" onClick={() => onChoose([])} disabled={chosen.length === 0}>
          Show none
        </button>
      </div>
      {found.length === 0 && <p className="muted small">No metric has these words in its name or meaning.</p>}
      <div className="metric-groups">
        {grouped(found).map((group) => (
          <fieldset key={group.title}>
            <legend>{group.title}</legend>
            {group.names.map((name) => (
              <label key={name} className="metric-choice">
                <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
                <span>
                  {name} <span className="muted">{meaningOf(name)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
    </details>
  );
}
