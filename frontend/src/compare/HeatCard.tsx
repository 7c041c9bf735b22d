import { useRef } from "react";

import type { Comparison } from "../api/types";
import { Saving } from "../charts/Saving";
import { Card } from "../shell/Card";
import { HeatMap } from "./HeatMap";
import { SelectedArm } from "./SelectedArm";
import { heatRows } from "./tables";

interface Props {
  comparison: Comparison;
  index: number;
  sentences: Record<string, string>;
  selected: string | null;
  within: Set<string> | null;
  onSelect: (arm: string) => void;
  onBaseline: (arm: string) => void;
  onBeside: (arm: string) => void;
}

export function HeatCard({ onBaseline, onBeside, ...shown }: Props) {
  const { comparison, index, sentences, selected } = shown;
  const card = useRef<HTMLElement>(null);
  const k = comparison.ks[index] ?? 1;
  const title = `Δ pass@${k} against ${comparison.baseline}`;
  const saving = <Saving title={title} file={`sweep-${comparison.sweep_id}-heat-map-k${k}`} picture={card} csv={() => heatRows(comparison, index)} />;
  return (
    <Card ref={card} title={title} actions={saving}>
      <HeatMap {...shown} />
      <SelectedArm comparison={comparison} sentences={sentences} selected={selected} onBaseline={onBaseline} onBeside={onBeside} />
    </Card>
  );
}
