import { Suspense, useRef } from "react";

import type { Comparison } from "../api/types";
import type { ArmStyle } from "../charts/palette";
import { late } from "../shell/arriving";
import { Card } from "../shell/Card";
import { Skeleton } from "../shell/Notice";
import { useSeen } from "../shell/seen";
import type { Brushing } from "./brushing";
import { BrushFields } from "./BrushFields";

const ParallelArms = late(() => import("./ParallelArms"));

interface Props extends Brushing {
  comparison: Comparison;
  styles: Map<string, ArmStyle>;
  selected: string | null;
}

/** Parallel coordinates: which settings go with which results, and which arms to look at. */
export function ParallelCard(props: Props) {
  const card = useRef<HTMLElement>(null);
  const seen = useSeen(card);
  const waiting = <Skeleton lines={6} height="3rem" />;
  return (
    <Card ref={card} title="Arms as lines">
      <p className="chart-note small muted">
        The table’s figures once more: each arm is a line through its settings and results. Drag along an axis to keep the arms that pass
        there; in the heat map, the curves and the table the others step back.
      </p>
      {seen ? (
        <Suspense fallback={waiting}>
          <ParallelArms {...props} />
        </Suspense>
      ) : (
        waiting
      )}
      <BrushFields {...props} />
    </Card>
  );
}
