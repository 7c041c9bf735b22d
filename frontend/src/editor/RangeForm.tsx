import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { plural } from "../text/numbers";
import { FieldErrors } from "./Field";
import { spread, type Range, type Spacing } from "./ranges";

interface Props {
  label: string;
  whole: boolean;
  items: string[];
  onItems: (items: string[]) => void;
  onClose: () => void;
}

const SPACINGS: { spacing: Spacing; words: string }[] = [
  { spacing: "linear", words: "equal steps" },
  { spacing: "log", words: "equal factors" },
];

/** Evenly spaced values in place of typing each. The list it writes is a plain one. */
export function RangeForm({ label, whole, items, onItems, onClose }: Props) {
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  const [range, setRange] = useState<Range>(() => startOf(items, whole));
  const found = spread(range, whole);
  const values = "items" in found ? found.items : [];
  const begun = range.from !== "" && range.to !== "";

  useEffect(() => first.current?.select(), []);

  function write(next: string[]) {
    if (values.length === 0) return;
    onItems(next);
    onClose();
  }

  function press(event: KeyboardEvent) {
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target instanceof HTMLInputElement) write(values);
    else return;
    event.preventDefault();
  }

  const field = (name: "from" | "to" | "many", words: string) => (
    <div>
      <label htmlFor={`${id}-${name}`}>{words}</label>
      <input
        ref={name === "from" ? first : undefined}
        id={`${id}-${name}`}
        value={range[name]}
        inputMode="decimal"
        autoComplete="off"
        aria-describedby={`${id}-values`}
        onChange={(event) => setRange({ ...range, [name]: event.target.value })}
      />
    </div>
  );

  return (
    <div className="range-form" role="group" aria-label={`Range of ${label}`} onKeyDown={press}>
      {field("from", "From")}
      {field("to", "To")}
      {field("many", "How many")}
      <div>
        <label htmlFor={`${id}-spacing`}>Spaced by</label>
        <select id={`${id}-spacing`} value={range.spacing} onChange={(event) => setRange({ ...range, spacing: event.target.value as Spacing })}>
          {SPACINGS.map(({ spacing, words }) => (
            <option key={spacing} value={spacing}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div id={`${id}-values`} className="range-values small" role="status">
        {"mistake" in found ? begun && <FieldErrors errors={[found.mistake]} /> : values.join(", ")}
      </div>
      <div className="range-actions">
        <button type="button" className="button quiet" onClick={onClose}>
          Close
        </button>
        {items.length > 0 && (
          <button type="button" className="button quiet" disabled={values.length === 0} onClick={() => write(merged(items, values))}>
            Add to the list
          </button>
        )}
        <button type="button" className="button" disabled={values.length === 0} onClick={() => write(values)}>
          {values.length > 0 ? `Use ${plural(values.length, "value")}` : "Use them"}
        </button>
      </div>
    </div>
  );
}

function startOf(items: string[], whole: boolean): Range {
  const numbers = items.map(Number).filter(Number.isFinite);
  if (numbers.length < 2) return { spacing: whole ? "linear" : "log", from: items[0] ?? "", to: "", many: "3" };
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return { spacing: !whole && low > 0 && high / low >= 8 ? "log" : "linear", from: String(low), to: String(high), many: String(numbers.length) };
}

function merged(items: string[], values: string[]): string[] {
  const has = new Set(items.map(Number));
  return [...items, ...values.filter((value) => !has.has(Number(value)))];
}
