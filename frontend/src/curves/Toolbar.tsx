import { useRef, type FormEvent, type ReactNode } from "react";

import { useWritten } from "../shell/written";
import { rangeWords } from "./axes";
import { X_AXES, type Drawing, type DrawingChoices, type XAxis } from "./drawing";
import { SMOOTHINGS, type Smoothing } from "./means";

interface Props {
  drawing: Drawing;
  choose: DrawingChoices;
  /** What else there is to choose. */
  children?: ReactNode;
}

/** How all curves of a page are drawn, and the part of training they show. */
export function Toolbar({ drawing, choose, children }: Props) {
  return (
    <div className="curve-tools" role="group" aria-label="How curves are drawn">
      <Choice label="against" value={drawing.x} options={X_AXES} onChange={(x) => choose.x(x as XAxis)} />
      <Check label="log x" checked={drawing.logX} onChange={choose.logX} />
      <Check label="log y" checked={drawing.logY} onChange={choose.logY} />
      {children}
      <Choice label="smoothing" value={drawing.smoothing} options={SMOOTHING_NAMES} onChange={(name) => choose.smoothing(name as Smoothing)} />
      <ZoomForm drawing={drawing} choose={choose} />
    </div>
  );
}

const SMOOTHING_NAMES = Object.fromEntries(Object.keys(SMOOTHINGS).map((name) => [name, name]));

interface ChoiceProps {
  label: string;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
}

export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="check">
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {Object.entries(options).map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

/** What dragging over a chart does, by numbers; its way back. */
function ZoomForm({ drawing, choose }: Props) {
  const from = useRef<HTMLInputElement>(null);
  const [low, setLow] = useWritten(String(drawing.zoom?.[0] ?? ""), String(drawing.zoom));
  const [high, setHigh] = useWritten(String(drawing.zoom?.[1] ?? ""), String(drawing.zoom));
  const ends = [Number(low), Number(high)] as const;
  const wrong = high !== "" && !(ends[0] >= 0 && ends[1] > ends[0]);

  function zoom(event: FormEvent) {
    event.preventDefault();
    if (high !== "" && !wrong) choose.zoom(ends);
  }

  /** Its button goes with the zoom. */
  function reset() {
    from.current?.focus();
    choose.zoom(null);
  }

  const unit = { step: "steps", tokens: "tokens", seconds: "seconds" }[drawing.x];
  return (
    <form className="curve-zoom" onSubmit={zoom} aria-label="Zoom">
      <label className="check">
        {unit} <input ref={from} inputMode="decimal" size={6} value={low} placeholder="from" aria-label={`From, in ${unit}`} aria-invalid={wrong} onChange={(event) => setLow(event.target.value)} />
      </label>
      <label className="check">
        to <input inputMode="decimal" size={6} value={high} placeholder="to" aria-label={`To, in ${unit}`} aria-invalid={wrong} onChange={(event) => setHigh(event.target.value)} />
      </label>
      <button type="submit" className="button quiet" disabled={wrong || high === ""}>
        Zoom
      </button>
      {drawing.zoom && (
        <button type="button" className="button quiet" onClick={reset} title={`Show more than ${rangeWords(drawing.x, drawing.zoom)} again`}>
          Reset zoom
        </button>
      )}
    </form>
  );
}
