import { useId } from "react";

import type { Verb } from "./verbs";

interface Props<Id extends string> {
  verb: Verb<Id>;
  busy?: boolean;
  onAct: (id: Id) => void;
}

/** A button whose meaning is its tooltip. One that is refused can still be reached, to learn why. */
export function VerbButton<Id extends string>({ verb, busy = false, onAct }: Props<Id>) {
  const id = useId();
  const isRefused = verb.whyNot !== undefined;
  const off = isRefused || busy;
  return (
    <>
      <button
        type="button"
        className={`button${verb.danger ? " danger" : ""}${isRefused ? " refused" : ""}`}
        aria-disabled={off}
        aria-describedby={id}
        title={verb.whyNot ?? verb.meaning}
        onClick={() => !off && onAct(verb.id)}
      >
        {verb.label}
      </button>
      <span id={id} className="visually-hidden">
        {verb.whyNot ?? verb.meaning}
      </span>
    </>
  );
}
