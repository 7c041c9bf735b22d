/** The stretches that are drawn on the axes of parallel coordinates: ECharts' own, kept like the brush. */

import type { EChartsType } from "../charts/canvas";
import type { Axis } from "./axes";
import type { Brush, Stretch } from "./brush";

/** What ECharts says when the reader has drawn, moved or removed one. */
interface Selected {
  parallelAxisId?: string;
  intervals?: Stretch[];
}

/** ECharts draws none that is open at an end. */
const FAR = 1e9;
const NAME = "axis-";

export function axisId(dim: number): string {
  return `${NAME}${dim}`;
}

export class Stretches {
  private readonly shown = new Map<number, Stretch>();

  /** `onChange` hears of what the reader did, not of what `show` does. */
  constructor(
    private readonly chart: EChartsType,
    onChange: (dim: number, stretch: Stretch | null) => void,
  ) {
    chart.on("axisareaselected", (event) => {
      const { parallelAxisId = "", intervals } = event as Selected;
      const dim = Number(parallelAxisId.replace(NAME, ""));
      const stretch = intervals?.[0] ?? null;
      if (alike(stretch, this.shown.get(dim) ?? null)) return;
      this.keep(dim, stretch);
      onChange(dim, stretch);
    });
  }

  /** Those of the brush, on the axes that show others or none. */
  show(axes: Axis[], brush: Brush): void {
    const stale = axes.flatMap((axis, dim) => {
      const wanted = closed(brush.get(axis.id));
      return alike(wanted, this.shown.get(dim) ?? null) ? [] : [{ dim, wanted }];
    });
    for (const { dim, wanted } of stale) {
      this.keep(dim, wanted);
      this.chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: axisId(dim), intervals: wanted ? [wanted] : [] });
    }
    // The action alone leaves the axis as it is drawn.
    if (stale.length > 0) this.chart.setOption({});
  }

  private keep(dim: number, stretch: Stretch | null): void {
    if (stretch) this.shown.set(dim, stretch);
    else this.shown.delete(dim);
  }
}

function closed(stretch: Stretch | undefined): Stretch | null {
  return stretch ? [Math.max(stretch[0], -FAR), Math.min(stretch[1], FAR)] : null;
}

function alike(one: Stretch | null, other: Stretch | null): boolean {
  if (one === null || other === null) return one === other;
  return one.every((end, at) => Math.abs(end - (other[at] ?? NaN)) < 1e-6 * (1 + Math.abs(end)));
}
