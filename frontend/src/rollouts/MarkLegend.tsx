import type { Marked } from "./marks";
import { MARKS, wordClass, writeMarks, type Mark } from "./marks";

interface Props {
  categories: readonly string[];
  marks: ReadonlySet<Mark>;
  /** What is shown: only marks that are there are explained. */
  shown: readonly Marked[];
  onChange: (marks: string | null) => void;
}

const NAMES: Record<Mark, string> = { words: "pivotal words", sentences: "sentences" };

/** Which marks stand for what; each kind may be switched off. */
export function MarkLegend({ categories, marks, shown, onChange }: Props) {
  const has = (kind: "reflective" | "rare") => shown.some((one) => (one[kind]?.length ?? 0) > 0);
  const there = categories.filter((category) => shown.some(({ words }) => words.some(([, , name]) => name === category)));

  function toggle(mark: Mark) {
    const next = new Set(marks);
    if (!next.delete(mark)) next.add(mark);
    onChange(writeMarks(next));
  }

  return (
    <div className="mark-legend">
      <div className="filters" role="group" aria-label="Marked">
        {MARKS.map((mark) => (
          <button key={mark} type="button" aria-pressed={marks.has(mark)} onClick={() => toggle(mark)}>
            {NAMES[mark]}
          </button>
        ))}
      </div>
      {marks.has("words") &&
        there.map((category) => (
          <span key={category} className={`mark-sample ${wordClass(category, categories)}`}>
            {category}
          </span>
        ))}
      {marks.has("words") && there.length === 0 && <span className="muted">no listed word here</span>}
      {marks.has("sentences") && has("reflective") && <span className="mark-sample refl refl-first">reflective</span>}
      {marks.has("sentences") && has("rare") && (
        <span className="mark-sample rare rare-first" title="Worded unlike the untrained model's; not necessarily a new strategy">
          rare, by its wording
        </span>
      )}
    </div>
  );
}
