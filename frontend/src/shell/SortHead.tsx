import type { ThHTMLAttributes } from "react";

interface Props extends ThHTMLAttributes<HTMLTableCellElement> {
  label: string;
  /** What the column shows, where its label is short. */
  hint?: string | undefined;
  sorted: "ascending" | "descending" | undefined;
  onSort: () => void;
}

/** The head of a column by which a press sorts. */
export function SortHead({ label, hint, sorted, onSort, ...cell }: Props) {
  return (
    <th scope="col" aria-sort={sorted} {...cell}>
      <button type="button" className="sort-head" title={hint} onClick={onSort}>
        {label}
        {hint && <span className="visually-hidden">: {hint}</span>}
        <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true" className={sorted && "sorted"}>
          <path d={sorted === "descending" ? "M1 3l3 3 3-3" : "M1 5l3-3 3 3"} fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
        </svg>
      </button>
    </th>
  );
}
