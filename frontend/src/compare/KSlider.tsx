import { useId } from "react";

import { stopsOf } from "./grid";

interface Props {
  ks: number[];
  k: number;
  onK: (k: number) => void;
}

/** Chooses k, in steps that widen as k grows. */
export function KSlider({ ks, k, onK }: Props) {
  const id = useId();
  const stops = stopsOf(ks, k);
  return (
    <div className="k-slider">
      <label htmlFor={id}>
        pass@<b>{k}</b>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(0, stops.length - 1)}
        step={1}
        value={stops.indexOf(k)}
        aria-valuetext={`k = ${k}`}
        onChange={(event) => onK(stops[Number(event.target.value)] ?? k)}
      />
      <span className="small muted k-ends">
        k&nbsp;=&nbsp;{ks[0]}…{ks.at(-1)}
      </span>
    </div>
  );
}
