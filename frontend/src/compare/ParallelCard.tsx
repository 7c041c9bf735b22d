import { lazy, Suspense } from "react";

import type { Comparison } from "../api/types";
import type { ArmStyle } from "../charts/palette";
import { Card } from "../shell/Card";
import { Skeleton } from "../shell/Notice";
import type { Brushing } from "./brushing";
import { BrushFields } from "./BrushFields";

const ParallelArms = lazy(() => import("./ParallelArms"));

interface Props extends Brushing {
  comparison: Comparison;
  styles: Map<string, ArmStyle>;
  selected: string | null;
}

/** Parallel coordinates: which settings go with which results, and which arms to look at. */
export function ParallelCard(props: Props) {
  return (
    <Card title="Arms as lines">
      <p className="chart-note small muted">
        The table’s figures once more: each arm is a line through its settings and results. Drag along an axis to keep the arms that pass
        there; in the heat map, the curves and the table the others step back.
      </p>
      <Suspense fallback={<Skeleton lines={6} height="3rem" />}>
        <ParallelArms {...props} />
      </Suspense>
      <BrushFields {...props} />
    </Card>
  );
}
