import { memo, type CSSProperties } from "react";

import type { ComparedArm } from "../api/types";
import { delta as deltaText, percent, plural, signedRange } from "../text/numbers";
import { shade, type Cell } from "./grid";
import { MARK_WORDS, markOf } from "./marks";

interface Props {
  cell: Cell;
  scale: number;
  /** What can be said of its arm. */
  sentence: string | undefined;
  selected: boolean;
  /** Whether the brush leaves it out. */
  dimmed: boolean;
  /** Its place in the grid, for arrow keys. */
  row: number;
  column: number;
  tabIndex: 0 | -1;
  onSelect: (arm: string) => void;
}

/** One arm of the heat map. Its state is told by words and form, not by colour alone. */
export const HeatCell = memo(function HeatCell({ cell, scale, sentence, selected, dimmed, row, column, tabIndex, onSelect }: Props) {
  if (cell.kind === "absent") {
    return (
      <div className="heat-cell absent">
        <span className="visually-hidden">not in this sweep</span>
      </div>
    );
  }
  const { arm } = cell;
  const mark = cell.kind === "value" ? markOf(cell.delta) : null;
  const share = cell.kind === "value" ? shade(cell.delta.mean, scale) : null;
  return (
    <button
      type="button"
      className={["heat-cell", cell.kind, mark ?? "", dimmed ? "dimmed" : ""].join(" ")}
      data-at={`${row},${column}`}
      tabIndex={tabIndex}
      style={share === null ? undefined : ground(share, mark ? 1 : QUIET)}
      aria-pressed={selected}
      title={sentence ?? arm.name}
      onClick={() => onSelect(arm.name)}
    >
      <CellText cell={cell} />
      {share !== null && mark === null && <span className="heat-foot" style={ground(share, 1)} />}
      {mark && <span className="visually-hidden">, {MARK_WORDS[mark]}</span>}
    </button>
  );
});

/** How much of its colour a cell keeps whose interval holds zero; the foot has all of it. */
const QUIET = 0.3;

function ground(share: number, kept: number): CSSProperties {
  const end = share < 0 ? "var(--heat-less)" : "var(--heat-more)";
  const strength = Math.round(Math.abs(share) * 100 * kept);
  return { background: `color-mix(in oklab, ${end} ${strength}%, var(--heat-middle))` };
}

function CellText({ cell }: { cell: Exclude<Cell, { kind: "absent" }> }) {
  const { arm } = cell;
  const seeds = seedsText(arm, cell.kind === "value");
  switch (cell.kind) {
    case "value":
      return (
        <>
          <span className="heat-value">{deltaText(cell.delta.mean)}</span>
          <span className="heat-interval">{signedRange(cell.delta)}</span>
          <span className="heat-seeds">
            {seeds}
            {arm.failed > 0 && `, ${arm.failed} failed`}
            {arm.delta_over === "problems" && (
              <>
                , <span className="heat-partly">problems only</span>
              </>
            )}
          </span>
        </>
      );
    case "baseline":
      return (
        <>
          <span className="heat-value">baseline</span>
          <span className="heat-interval">{percent(cell.mean)}</span>
          <span className="heat-seeds">{seeds}</span>
        </>
      );
    case "alone":
      return (
        <>
          <span className="heat-interval">{percent(cell.mean)}</span>
          <span className="heat-seeds">baseline not finished</span>
        </>
      );
    case "failed":
      return <span className="heat-word">{arm.failed === arm.runs ? "failed" : `${arm.failed} of ${arm.runs} failed`}</span>;
    case "pending":
      return <span className="heat-word">not finished</span>;
  }
}

/** How many seeds stand behind the figure; a difference pairs the seeds that both arms have. */
function seedsText(arm: ComparedArm, isDifference: boolean): string {
  if (arm.method.method === "base") return "not trained";
  if (isDifference && arm.paired_seeds.length === 0) return `${ofPlanned(arm, arm.seeds.length)}, not paired`;
  return ofPlanned(arm, isDifference ? arm.paired_seeds.length : arm.seeds.length);
}

/** "2 of 3 seeds" while some have no figures, or never will. */
function ofPlanned(arm: ComparedArm, seeds: number): string {
  return seeds < arm.runs ? `${seeds} of ${plural(arm.runs, "seed")}` : plural(seeds, "seed");
}
