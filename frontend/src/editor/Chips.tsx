import { useId, useRef, useState, type ClipboardEvent, type KeyboardEvent } from "react";

import { FieldErrors } from "./Field";
import { readNumbers, type ShownList } from "./lists";
import { useMistake } from "./mistakes";
import { RangeForm } from "./RangeForm";

export interface ListError {
  /** Which value is meant; null: the list as a whole. */
  index: number | null;
  message: string;
}

interface Props {
  label: string;
  hint?: string | undefined;
  shown: ShownList;
  placeholder?: string | undefined;
  /** Whether the values are whole numbers. */
  whole?: boolean | undefined;
  onItems: (items: string[]) => void;
  /** Takes the whole list away, where there may be none. */
  onDrop?: () => void;
  /** What the API says is wrong with it. */
  errors?: ListError[];
}

/**
 * A list of numbers, each with a cross to take it away. Enter, a comma or leaving adds what was
 * typed; a pasted list is taken apart; arrows walk over the values, Backspace and Delete remove.
 */
export function Chips({ label, hint, shown, placeholder = "type a value", whole = false, onItems, onDrop, errors = [] }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [text, setText] = useState("");
  const [mistake, setMistake] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const [spreads, setSpreads] = useState(false);
  const { items, editable } = shown;
  const messages = mistake ? [mistake] : [...new Set(errors.map((error) => error.message))];
  useMistake(mistake !== null && text !== "");
  const crosses = () => [...(list.current?.querySelectorAll("button") ?? [])];

  function add(typed: string) {
    const { added, left, mistake: wrong } = takeIn(typed, items, whole);
    setText(left);
    setMistake(wrong);
    if (added.length === 0) return;
    setSaid(`${added.join(", ")} added`);
    onItems([...items, ...added]);
  }

  /** With the focus on a value that is taken away, a neighbour gets it. */
  function removeHere(index: number) {
    (crosses()[index + 1] ?? crosses()[index - 1] ?? input.current)?.focus();
    remove(index);
  }

  function remove(index: number) {
    setSaid(`${items[index]} removed`);
    onItems(items.filter((_, at) => at !== index));
  }

  function change(typed: string) {
    setMistake(null);
    if (/[\s,;]$/.test(typed)) add(typed);
    else setText(typed);
  }

  function paste(event: ClipboardEvent) {
    const pasted = event.clipboardData.getData("text");
    if (!/[\s,;]/.test(pasted.trim())) return;
    event.preventDefault();
    add(`${text} ${pasted}`);
  }

  function pressInput(event: KeyboardEvent<HTMLInputElement>) {
    const atStart = event.currentTarget.selectionStart === 0 && event.currentTarget.selectionEnd === 0;
    if (event.key === "Enter" && text.trim()) {
      add(text);
      event.preventDefault();
    } else if (event.key === "Backspace" && text === "" && items.length > 0) remove(items.length - 1);
    else if (event.key === "ArrowLeft" && atStart) crosses().at(-1)?.focus();
  }

  function pressCross(event: KeyboardEvent, index: number) {
    const goals: Record<string, HTMLElement | null | undefined> = {
      ArrowLeft: crosses()[index - 1],
      ArrowRight: crosses()[index + 1] ?? input.current,
      Home: crosses()[0],
      End: input.current,
    };
    if (event.key === "Backspace" || event.key === "Delete") removeHere(index);
    else if (goals[event.key]) goals[event.key]?.focus();
    else return;
    event.preventDefault();
  }

  return (
    <div className="field">
      <div className="field-top">
        <label htmlFor={id}>
          {label}
          {hint && <span className="field-hint">{hint}</span>}
        </label>
        {editable && (
          <button type="button" className="field-link" aria-expanded={spreads} aria-label={`Range of ${label}`} onClick={() => setSpreads(!spreads)}>
            range
          </button>
        )}
        {onDrop && (
          <button type="button" className="field-link" aria-label={`Remove ${label}`} onClick={onDrop}>
            remove
          </button>
        )}
      </div>
      <div className={messages.length > 0 ? "chips wrong" : "chips"} onMouseDown={(event) => event.target === event.currentTarget && focusLater(input)}>
        {items.length > 0 && (
          <ul ref={list} aria-label={`Values of ${label}`}>
            {items.map((item, index) => (
              <li key={`${item} ${items.indexOf(item) === index ? "" : index}`} className={isWrong(errors, index) ? "chip wrong" : "chip"}>
                {item}
                <button type="button" tabIndex={-1} aria-label={`Remove ${item} from ${label}`} onClick={() => removeHere(index)} onKeyDown={(event) => pressCross(event, index)}>
                  <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
                    <path d="M1 1l6 6M7 1L1 7" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
                  </svg>
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          ref={input}
          id={id}
          value={text}
          disabled={!editable}
          placeholder={editable ? (items.length === 0 ? placeholder : "") : "set in the YAML"}
          inputMode={whole ? "numeric" : "decimal"}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={messages.length > 0}
          aria-describedby={`${id}-keys${messages.length > 0 ? ` ${id}-errors` : ""}`}
          onChange={(event) => change(event.target.value)}
          onPaste={paste}
          onKeyDown={pressInput}
          onBlur={() => text.trim() && add(text)}
        />
      </div>
      <span id={`${id}-keys`} className="visually-hidden">
        {items.length > 0 ? `Has ${items.join(", ")}. ` : ""}Enter adds a value, left arrow goes to those there are.
      </span>
      <span className="visually-hidden" role="status">
        {said}
      </span>
      <FieldErrors id={`${id}-errors`} errors={messages} />
      {spreads && <RangeForm label={label} whole={whole} items={items} onItems={onItems} onClose={() => setSpreads(false)} />}
    </div>
  );
}

function isWrong(errors: ListError[], index: number): boolean {
  return errors.some((error) => error.index === index || error.index === null);
}

/** The press itself would take the focus away again. */
function focusLater(input: React.RefObject<HTMLInputElement | null>) {
  window.setTimeout(() => input.current?.focus());
}

/** What of the typed text joins the list, what stays to be mended, and why. */
function takeIn(typed: string, items: string[], whole: boolean): { added: string[]; left: string; mistake: string | null } {
  const { items: numbers, wrong } = readNumbers(typed);
  const broken = whole ? numbers.filter((item) => !/^\d+$/.test(item)) : [];
  const left = [...wrong, ...broken];
  const values = new Set(items.map(Number));
  const [added, doubled]: [string[], string[]] = [[], []];
  for (const item of numbers.filter((one) => !broken.includes(one))) {
    (values.has(Number(item)) ? doubled : added).push(item);
    values.add(Number(item));
  }
  return { added, left: left.join(" "), mistake: whatIsWrong(wrong, broken, doubled) };
}

function whatIsWrong(wrong: string[], broken: string[], doubled: string[]): string | null {
  if (wrong.length > 0) return `${quoted(wrong)} ${wrong.length === 1 ? "is not a number" : "are not numbers"}.`;
  if (broken.length > 0) return `${quoted(broken)}: write whole numbers, 0 or more.`;
  return doubled.length > 0 ? `${doubled.join(", ")} ${doubled.length === 1 ? "is" : "are"} in the list already.` : null;
}

function quoted(words: string[]): string {
  return words.map((word) => `“${word}”`).join(", ");
}
