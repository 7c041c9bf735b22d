import { useWindowVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useMemo, useRef, useState } from "react";

import type { SweepRun } from "../api/types";
import { NARROW, useMedia } from "../shell/media";
import type { Column, Context } from "./columns";
import { GroupRow, RunRow } from "./GridRows";
import { Heads } from "./Heads";
import { useGridKeys } from "./keys";
import type { Row, RunsView } from "./rows";
import type { Selection } from "./selection";

/** Rows are as high as this whatever they hold, so that what is not shown has its place. */
const HEIGHTS = { wide: { run: 42, group: 38 }, narrow: { run: 96, group: 44 } };
const OVERSCAN = 10;
/** What lies over the list: the heads above it, and below what can be done with what is selected. */
const COVERED = 90;

interface Props {
  rows: Row[];
  shown: SweepRun[];
  columns: Column[];
  context: Context;
  view: RunsView;
  selection: Selection;
  onToggleGroup: (name: string) => void;
}

/** The list, however long: only the rows in sight are there, and they say where in it they stand. */
export function RunGrid({ rows, shown, columns, context, view, selection, onToggleGroup }: Props) {
  const narrow = useMedia(NARROW);
  const heights = narrow ? HEIGHTS.narrow : HEIGHTS.wide;
  const table = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const places = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows]);
  const at = (active === null ? undefined : places.get(active)) ?? 0;

  const list = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => heights[rows[index]?.kind ?? "run"],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
    scrollPaddingStart: COVERED,
    scrollPaddingEnd: COVERED,
    scrollMargin: useOffset(table),
    // The row that has the focus stays, wherever it is scrolled to.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const first = Math.max(0, startIndex - overscan);
      const range = Array.from({ length: Math.min(count, endIndex + overscan + 1) - first }, (_, step) => first + step);
      return active === null || range.includes(at) ? range : [...range, at].sort((a, b) => a - b);
    },
  });
  useRemeasured(list, rows, narrow);

  const keys = useGridKeys({ rows, at, list, table, selection, onActivate: setActive, onToggleGroup });
  return (
    <div className="card flush">
      <table
        ref={table}
        role="grid"
        aria-label="Runs"
        aria-multiselectable
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 2}
        className="list run-grid"
        onKeyDown={keys}
      >
        <Heads columns={columns} sort={view.sort} shown={shown} selection={selection} />
        <tbody role="rowgroup">
          {pieces(list, rows.length).map((piece) =>
            "gap" in piece ? (
              <tr key={piece.key} role="presentation" aria-hidden="true" className="gap" style={{ height: piece.gap }} />
            ) : (
              <PlacedRow
                key={piece.key}
                row={rows[piece.index]!}
                index={piece.index}
                isActive={piece.index === at}
                {...{ columns, context, selection, heights, onToggleGroup, onActivate: setActive }}
              />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

interface PlacedProps extends Pick<Props, "columns" | "context" | "selection" | "onToggleGroup"> {
  row: Row;
  index: number;
  isActive: boolean;
  heights: { run: number; group: number };
  onActivate: (key: string) => void;
}

function PlacedRow({ row, index, isActive, columns, context, selection, heights, onToggleGroup, onActivate }: PlacedProps) {
  // The head is the first row.
  const place = { place: index + 2, height: heights[row.kind], isActive, onActivate };
  if (row.kind === "group") return <GroupRow row={row} columns={columns.length + 2} selection={selection} onToggle={onToggleGroup} {...place} />;
  const live = row.run.finished_at === null && row.run.started_at !== null;
  return (
    <RunRow
      run={row.run}
      columns={columns}
      context={context}
      tick={live ? context.now : Math.floor(context.now / 60_000)}
      isSelected={selection.ids.has(row.run.id)}
      onSelect={selection.toggle}
      {...place}
    />
  );
}

type Piece = { key: string; gap: number } | { key: string; index: number };

/** The rows that are there, and between them the height of those that are not. */
function pieces(list: Virtualizer<Window, Element>, count: number): Piece[] {
  const found: Piece[] = [];
  let end = list.options.scrollMargin;
  for (const item of list.getVirtualItems()) {
    if (item.index >= count) continue;
    if (item.start > end) found.push({ key: `gap ${found.length}`, gap: item.start - end });
    found.push({ key: String(item.key), index: item.index });
    end = item.end;
  }
  const rest = list.getTotalSize() + list.options.scrollMargin - end;
  return rest > 0 ? [...found, { key: "gap at the end", gap: rest }] : found;
}

/** How far below the top of the page the rows begin. */
function useOffset(table: React.RefObject<HTMLTableElement | null>): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const body = table.current?.tBodies[0];
    if (!body) return;
    const measure = () => setOffset(Math.round(body.getBoundingClientRect().top + window.scrollY));
    measure();
    // Whatever is above may grow, as when filters wrap or a history is opened.
    const watcher = new ResizeObserver(measure);
    watcher.observe(document.body);
    return () => watcher.disconnect();
  }, [table]);
  return offset;
}

/** Heights are asked for once and kept; they are others when rows become heads, or the window narrow. */
function useRemeasured(list: Virtualizer<Window, Element>, rows: Row[], narrow: boolean) {
  const kinds = useMemo(() => rows.map(({ kind }) => (kind === "group" ? "g" : "r")).join(""), [rows]);
  useLayoutEffect(() => list.measure(), [list, kinds, narrow]);
}
