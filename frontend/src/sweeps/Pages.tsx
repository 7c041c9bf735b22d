import { Link } from "wouter";

import { count } from "../text/numbers";

interface Props {
  page: number;
  size: number;
  total: number;
  /** The address of a page. */
  to: (page: number) => string;
}

/** "51 – 100 of 1,003", and the ways to the pages before and after. */
export function Pages({ page, size, total, to }: Props) {
  const last = Math.max(1, Math.ceil(total / size));
  if (last === 1) return null;
  const first = (page - 1) * size + 1;
  return (
    <nav className="pages" aria-label="Pages">
      <Step words="Previous" to={page > 1 ? to(page - 1) : null} />
      <span className="small muted">
        {count(first)} – {count(Math.min(total, page * size))} of {count(total)}
      </span>
      <Step words="Next" to={page < last ? to(page + 1) : null} />
    </nav>
  );
}

function Step({ words, to }: { words: string; to: string | null }) {
  if (to === null) {
    return (
      <span className="button" aria-disabled="true">
        {words}
      </span>
    );
  }
  return (
    <Link href={to} className="button" rel={words === "Next" ? "next" : "prev"}>
      {words}
    </Link>
  );
}
