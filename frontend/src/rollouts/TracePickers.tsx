import type { RefObject } from "react";

import { Choices } from "../shell/Choices";
import type { ViewChange } from "../shell/view";
import { AfterStep } from "../sweep/AfterStep";
import { neighbour } from "./choice";
import { ONLY, type Only } from "./looked";
import { Picker } from "./Pickers";
import type { TraceChoice, TraceProblem } from "./traces";

interface Props {
  choice: TraceChoice;
  problems: TraceProblem[];
  problem: TraceProblem | undefined;
  only: Only | null;
  find: string;
  search: RefObject<HTMLInputElement | null>;
  change: (wanted: ViewChange) => void;
}

const MOST_LETTERS = 90;

/** Traces have steps and problems of their own: those that were analysed. */
export function TracePickers({ choice: { steps, step }, problems, problem, only, find, search, change }: Props) {
  const around = (by: 1 | -1) => problem && neighbour(problems, problem, by);
  return (
    <div className="rollout-pickers">
      {steps.length > 0 && (
        <label className="picker picker-step">
          <span className="small muted">After step</span>
          <AfterStep steps={steps} step={step} change={change} />
        </label>
      )}
      <Picker label="Problem" before={around(-1)} after={around(1)} onPick={({ number }) => change({ question: String(number) })}>
        <select aria-label="Problem" value={problem?.number ?? ""} onChange={(event) => change({ question: event.target.value })}>
          {!problem && <option value="">none</option>}
          {problems.map(({ number, question }) => (
            <option key={number} value={number}>
              {question.replace(/\s+/g, " ").trim().slice(0, MOST_LETTERS)}
            </option>
          ))}
        </select>
      </Picker>
      <Choices label="Traces" values={["all", ...ONLY]} chosen={only ?? "all"} onChoose={(name) => change({ only: name === "all" ? null : name })} />
      <input
        ref={search}
        type="search"
        className="search"
        aria-label="Search in traces"
        placeholder="Search in traces"
        maxLength={200}
        value={find}
        onChange={(event) => change({ find: event.target.value || null })}
      />
    </div>
  );
}
