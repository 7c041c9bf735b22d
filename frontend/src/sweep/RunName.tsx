import type { RunSummary } from "../api/types";
import { ArmName } from "./ArmName";

type Named = Pick<RunSummary, "arm" | "seed" | "analysed_step">;

export function isAnalysis({ analysed_step: step }: Pick<Named, "analysed_step">): boolean {
  return step != null;
}

/** What a run is called; an analysis after the weights that it looks at. */
export function RunName({ run }: { run: Named }) {
  const [before, arm, after] = partsOf(run);
  return (
    <>
      {before}
      <ArmName name={arm} />
      {after}
    </>
  );
}

export function runTitle(run: Named): string {
  return partsOf(run).join("");
}

function partsOf({ arm, seed, analysed_step: step }: Named): [before: string, arm: string, after: string] {
  if (step == null) return ["", arm, `, seed ${seed}`];
  // Of step 0 the weights are the same for every arm and seed.
  if (step === 0) return ["Analysis of the untrained model", "", ""];
  return ["Analysis of ", arm, `, seed ${seed}, after step ${step}`];
}
