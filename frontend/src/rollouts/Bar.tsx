import type { RefObject } from "react";

import { useHovered, type Cursor } from "./cursor";
import type { Shown } from "./exports";
import { Legend } from "./Legend";
import { MarkLegend } from "./MarkLegend";
import type { Mark } from "./marks";
import { Readout, Spoken, type Pointed } from "./Readout";
import type { Measure } from "./shades";
import { kappaOf } from "./words";

interface Props {
  box: RefObject<HTMLElement | null>;
  cursor: Cursor | null;
  shown: Shown;
  measure: Measure;
  categories: readonly string[];
  marks: ReadonlySet<Mark>;
  onMarks: (marks: string | null) => void;
}

/** Stays at the window's foot: the values of one token, and the scale of all. */
export function Bar({ box, cursor, shown, measure, categories, marks, onMarks }: Props) {
  const hovered = useHovered(box);
  const kappas = Object.values(shown).map((side) => side && kappaOf(side.arm));
  const at = pointedAt(cursor, shown);
  return (
    <div className="rollout-bar">
      <Readout pointed={pointedAt(hovered, shown) ?? at} />
      <Spoken pointed={at} />
      <div className="rollout-legends">
        <Legend measure={measure} shaped={kappas.some((kappa) => kappa !== null)} />
        <MarkLegend categories={categories} marks={marks} shown={Object.values(shown).flatMap((side) => side?.rollouts ?? [])} onChange={onMarks} />
      </div>
    </div>
  );
}

function pointedAt(cursor: Cursor | null, shown: Shown): Pointed | null {
  const side = cursor && shown[cursor.side];
  const rollout = side?.rollouts[cursor?.place ?? 0];
  if (!side || !rollout || cursor?.token == null || cursor.token >= rollout.tokens.length) return null;
  return { rollout, token: cursor.token, kappa: kappaOf(side.arm), arm: side.arm.name };
}
