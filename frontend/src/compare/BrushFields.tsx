import { useId } from "react";

import { useWritten } from "../shell/written";
import type { Axis } from "./axes";
import type { Brush, Stretch } from "./brush";

interface Props {
  axes: Axis[];
  brush: Brush;
  onBrush: (axis: Axis, stretch: Stretch | null) => void;
}

/** The same stretches as fields, for keyboards and for exact values. */
export function BrushFields({ axes, brush, onBrush }: Props) {
  return (
    <details className="brush-fields small">
      <summary>Filter by value instead</summary>
      <div className="brush-grid">
        {axes.map((axis) => (
          <AxisFields key={axis.id} axis={axis} stretch={brush.get(axis.id)} onChange={(stretch) => onBrush(axis, stretch)} />
        ))}
      </div>
    </details>
  );
}

interface FieldProps {
  axis: Axis;
  stretch: Stretch | undefined;
  onChange: (stretch: Stretch | null) => void;
}

function AxisFields({ axis, stretch: [low, high] = [-Infinity, Infinity], onChange }: FieldProps) {
  const change = (from: number, to: number) => onChange(Number.isFinite(from) || Number.isFinite(to) ? [from, to] : null);
  return (
    <fieldset>
      <legend>{axis.title}</legend>
      {axis.kind === "steps" ? (
        <>
          <StepField axis={axis} label="from" value={Number.isFinite(low) ? Math.ceil(low) : null} open={-Infinity} onChange={(next) => change(next, Math.max(next, high))} />
          <StepField axis={axis} label="to" value={Number.isFinite(high) ? Math.floor(high) : null} open={Infinity} onChange={(next) => change(Math.min(low, next), next)} />
        </>
      ) : (
        <>
          <ValueField axis={axis} label="from" value={low} open={-Infinity} onChange={(next) => change(next, high)} />
          <ValueField axis={axis} label="to" value={high} open={Infinity} onChange={(next) => change(low, next)} />
        </>
      )}
    </fieldset>
  );
}

interface EndProps<A> {
  axis: A;
  label: string;
  open: number;
  onChange: (place: number) => void;
}

function StepField({ axis, label, value, open, onChange }: EndProps<Extract<Axis, { kind: "steps" }>> & { value: number | null }) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select id={id} aria-label={`${axis.title} ${label}`} value={value ?? ""} onChange={(event) => onChange(event.target.value === "" ? open : Number(event.target.value))}>
        <option value="">any</option>
        {axis.steps.map((step, place) => (
          <option key={step} value={place}>
            {axis.write(step)}
          </option>
        ))}
      </select>
    </>
  );
}

function ValueField({ axis, label, value, open, onChange }: EndProps<Extract<Axis, { kind: "result" }>> & { value: number }) {
  const id = useId();
  const shown = Number.isFinite(value) ? String(Number((value * axis.scale).toPrecision(4))) : "";
  const [text, setText] = useWritten(shown);
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        step="any"
        inputMode="decimal"
        aria-label={`${axis.title} ${label}${axis.scale === 100 ? ", percent" : ""}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
    </>
  );

  function commit() {
    const next = text.trim() === "" ? open : Number(text) / axis.scale;
    if (!Number.isNaN(next) && text !== shown) onChange(next);
  }
}
