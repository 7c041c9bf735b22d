import { useId } from "react";

interface Props {
  ks: number[];
  index: number;
  onIndex: (index: number) => void;
}

/** Chooses k among those that were computed, evenly spaced whatever their size. */
export function KSlider({ ks, index, onIndex }: Props) {
  const id = useId();
  const k = ks[index] ?? 1;
  return (
    <div className="k-slider">
      <label htmlFor={id}>
        pass@<b>{k}</b>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(0, ks.length - 1)}
        step={1}
        value={index}
        aria-valuetext={`k = ${k}`}
        onChange={(event) => onIndex(Number(event.target.value))}
      />
      <span className="small muted">
        k = {ks[0]}…{ks.at(-1)}
      </span>
    </div>
  );
}
