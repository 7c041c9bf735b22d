import { useId, useState, type ChangeEvent } from "react";

import type { Parsed, Shown, Value } from "./fields";
import { useMistake } from "./mistakes";

interface Props {
  label: string;
  hint?: string | undefined;
  /** What is known of the value, below it. */
  note?: string | undefined;
  shown: Shown;
  parse: (text: string) => Parsed;
  onValue: (value: Value) => void;
  /** What the API says is wrong with it. */
  errors?: string[];
  placeholder?: string | undefined;
  /** What is often written here; anything else may be. */
  suggestions?: string[];
  /** Whether it is a sentence or more. */
  long?: boolean;
}

/** What is being typed, over what, and why it cannot be written. */
interface Draft {
  text: string;
  over: string;
  mistake: string | null;
}

/** One value of the sweep. What is being typed is kept as typed until the field is left; a mistake, until it is mended. */
export function Field({ label, hint, note, shown, parse, onValue, errors = [], placeholder, suggestions = [], long = false }: Props) {
  const id = useId();
  const [typed, setDraft] = useState<Draft | null>(null);
  // What could not be written is void once its place was written elsewhere.
  const draft = typed?.mistake && typed.over !== shown.text ? null : typed;
  const mistake = draft?.mistake ?? null;
  const mistakes = mistake === null ? errors : [mistake];
  const described = [note && `${id}-note`, mistakes.length > 0 && `${id}-errors`].filter(Boolean).join(" ");
  const Entry = long ? "textarea" : "input";
  useMistake(mistake !== null);

  function type(text: string) {
    const next = parse(text);
    const mistake = "mistake" in next && text !== shown.text ? next.mistake : null;
    setDraft({ text, over: shown.text, mistake });
    if ("value" in next) onValue(next.value);
  }

  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </label>
      <Entry
        id={id}
        rows={long ? 2 : undefined}
        value={draft?.text ?? shown.text}
        placeholder={shown.editable ? placeholder : "set in the YAML"}
        disabled={!shown.editable}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={mistakes.length > 0}
        aria-describedby={described || undefined}
        onChange={(event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => type(event.target.value)}
        onBlur={() => mistake === null && setDraft(null)}
        list={suggestions.length > 0 ? `${id}-suggestions` : undefined}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-suggestions`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      {note && (
        <p id={`${id}-note`} className="field-note">
          {note}
        </p>
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
  /** What holds where nothing is written. */
  unset?: string;
  onValue: (value: Value) => void;
  errors?: string[];
}

/** A value out of a list; one that is not in the list is kept and can be kept. */
export function Choice({ label, hint, shown, choices, unset, onValue, errors = [] }: ChoiceProps) {
  const id = useId();
  const value = shown.text || (unset ?? "");
  const all = choices.includes(value) ? choices : [value, ...choices];
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {hint && <span className="field-hint">{hint}</span>}
      </label>
      <select
        id={id}
        value={value}
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
