import { stopsOf } from "./grid";

interface Props {
  ks: number[];
  shown: number[];
  onAdd: (k: number) => void;
}

/** Columns for another k; the ks between the usual stops can be had with the slider. */
export function AddK({ ks, shown, onAdd }: Props) {
  const left = stopsOf(ks, ks[0] ?? 1).filter((k) => !shown.includes(k));
  if (left.length === 0) return null;
  return (
    <select className="quiet" aria-label="Add columns for another k" value="" onChange={(event) => onAdd(Number(event.target.value))}>
      <option value="" disabled>
        Add k…
      </option>
      {left.map((k) => (
        <option key={k} value={k}>
          pass@{k}
        </option>
      ))}
    </select>
  );
}
