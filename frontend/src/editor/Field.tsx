import { useId, useState } from "react";

import type { Parsed, Shown, Value } from "./fields";

interface Props {
  label: string;
  hint?: string;
  shown: Shown;
  parse: (text: string) => Parsed;
  onValue: (value: Value) => void;
  /** What the API says is wrong with it. */
  errors?: string[];
  placeholder?: string | undefined;
  /** What is often written here; anything else may be. */
  suggestions?: string[];
}

/** One value of the sweep. What is being typed is kept as typed until the field is left. */
export function Field({ label, hint, shown, parse, onValue, errors = [], placeholder, suggestions = [] }: Props) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const parsed = draft === null ? null : parse(draft);
  const mistakes = parsed && "mistake" in parsed ? [parsed.mistake] : errors;

  function type(text: string) {
    setDraft(text);
    const next = parse(text);
    if ("value" in next) onValue(next.value);
  }

  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </label>
      <input
        id={id}
        value={draft ?? shown.text}
        placeholder={shown.editable ? placeholder : "set in the YAML"}
        disabled={!shown.editable}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={mistakes.length > 0}
        aria-describedby={mistakes.length > 0 ? `${id}-errors` : undefined}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setDraft(null)}
        list={suggestions.length > 0 ? `${id}-suggestions` : undefined}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-suggestions`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      <FieldErrors id={`${id}-errors`} errors={mistakes} />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  hint?: string;
  shown: Shown;
  choices: string[];
  onValue: (value: Value) => void;
  errors?: string[];
}

/** A value out of a list; one that is not in the list is kept and can be kept. */
export function Choice({ label, hint, shown, choices, onValue, errors = [] }: ChoiceProps) {
  const id = useId();
  const all = choices.includes(shown.text) ? choices : [shown.text, ...choices];
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </label>
      <select
        id={id}
        value={shown.text}
        disabled={!shown.editable}
        aria-invalid={errors.length > 0}
        aria-describedby={errors.length > 0 ? `${id}-errors` : undefined}
        onChange={(event) => onValue(event.target.value)}
      >
        {all.map((choice) => (
          <option key={choice} value={choice}>
            {choice || "choose one"}
          </option>
        ))}
      </select>
      <FieldErrors id={`${id}-errors`} errors={errors} />
    </div>
  );
}

export function FieldErrors({ id, errors }: { id?: string; errors: string[] }) {
  if (errors.length === 0) return null;
  return (
    <div id={id} className="field-errors">
      {errors.map((error) => (
        <p key={error}>{error}</p>
      ))}
    </div>
  );
}
