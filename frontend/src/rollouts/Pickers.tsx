import type { ReactNode, RefObject } from "react";

import { Choices } from "../shell/Choices";
import { neighbour, type Problem } from "./choice";
import { ONLY, type Looked } from "./looked";
import { MEASURES, type Measure } from "./shades";

const NAMES: Record<Measure, string> = { entropy: "Entropy", psi: "ψ", advantage: "Advantage" };
const MOST_LETTERS = 90;

/** Which step, which problem, which of its completions, and how tokens are shaded. */
export function Pickers({ looked, search }: { looked: Looked; search: RefObject<HTMLInputElement | null> }) {
  const { steps, step, problems, problem, measure, only, change } = looked;
  const keys = problems.map(({ key }) => key);
  return (
    <div className="rollout-pickers">
      <Picker
        label="Step"
        before={before(steps, step)}
        after={after(steps, step)}
        onPick={(wanted) => change({ step: String(wanted), problem: null })}
      >
        <select aria-label="Step" value={step ?? ""} onChange={(event) => change({ step: event.target.value, problem: null })}>
          {step !== null && !steps.includes(step) && <option value={step}>{step}, nothing kept</option>}
          {steps.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </Picker>
      <Picker
        label="Problem"
        before={before(keys, problem?.key ?? null)}
        after={after(keys, problem?.key ?? null)}
        onPick={(wanted) => change({ problem: wanted })}
      >
        <select aria-label="Problem" value={problem?.key ?? ""} onChange={(event) => change({ problem: event.target.value })}>
          {!problem && <option value="">none</option>}
          {problems.map((one) => (
            <option key={one.key} value={one.key}>
              {optionOf(one, looked)}
            </option>
          ))}
        </select>
      </Picker>
      <Choices label="Completions" values={["all", ...ONLY]} chosen={only ?? "all"} onChoose={(name) => change({ only: name === "all" ? null : name })} />
      <Choices
        label="Shaded by"
        values={[...MEASURES]}
        names={NAMES}
        chosen={measure}
        onChoose={(name) => change({ shade: name === "entropy" ? null : name })}
      />
      <input
        ref={search}
        type="search"
        className="search"
        aria-label="Search in completions"
        placeholder="Search in completions"
        maxLength={200}
        value={looked.search}
        onChange={(event) => change({ find: event.target.value || null })}
      />
    </div>
  );
}

function before<T>(list: readonly T[], now: T | null): T | undefined {
  return now === null ? undefined : neighbour(list, now, -1);
}

function after<T>(list: readonly T[], now: T | null): T | undefined {
  return now === null ? undefined : neighbour(list, now, 1);
}

/** The problem's first words, and whether both runs have it. */
function optionOf({ problem, left, right }: Problem, { choice }: Looked): string {
  const words = problem.replace(/\s+/g, " ").trim();
  const short = words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS)}…` : words;
  if (!choice.right || (left && right)) return short;
  return `${short} (${left ? "left" : "right"} only)`;
}

interface PickerProps<T> {
  label: string;
  before: T | undefined;
  after: T | undefined;
  onPick: (wanted: T) => void;
  children: ReactNode;
}

export function Picker<T>({ label, before, after, onPick, children }: PickerProps<T>) {
  const go = (to: T | undefined) => to !== undefined && onPick(to);
  const name = label.toLowerCase();
  return (
    <div className={`picker picker-${name}`}>
      <span className="small muted">{label}</span>
      <button type="button" className="icon-button" aria-label={`Previous ${name}`} disabled={before === undefined} onClick={() => go(before)}>
        ‹
      </button>
      {children}
      <button type="button" className="icon-button" aria-label={`Next ${name}`} disabled={after === undefined} onClick={() => go(after)}>
        ›
      </button>
    </div>
  );
}
