import { useRef } from "react";

import type { Comparison } from "../api/types";
import type { ArmStyle } from "../charts/palette";
import { Saving } from "../charts/Saving";
import { Card } from "../shell/Card";
import { ratedArms } from "./rates";
import { SuccessRates } from "./SuccessRates";
import { rateRows } from "./tables";

interface Props {
  comparison: Comparison;
  index: number;
  selected: string | null;
  styles: Map<string, ArmStyle>;
}

export function RatesCard(props: Props) {
  const { comparison, index, selected } = props;
  const card = useRef<HTMLElement>(null);
  const rows = () => rateRows(ratedArms(comparison.arms, index, selected), comparison.taus);
  const saving = <Saving title="success rates" file={`sweep-${comparison.sweep_id}-success-rates`} picture={card} csv={rows} />;
  return (
    <Card ref={card} title="Success rates" actions={saving}>
      <SuccessRates {...props} />
    </Card>
  );
}
