import type { RunSummary } from "../api/types";

/** How far a run is; the base model takes no steps, only its evaluation. */
export function Steps({ run }: { run: Pick<RunSummary, "step" | "total_steps" | "phase" | "status"> }) {
  const phase = run.status === "running" && run.phase ? ` · ${run.phase}` : "";
  if (run.total_steps === 0) return <span className="muted">no training{phase}</span>;
  const moving = run.status === "running" || run.status === "cancelling";
  return (
    <span className="steps">
      {moving && <progress value={run.step} max={run.total_steps} aria-label="Training steps" />}
      {run.step}/{run.total_steps}
      <span className="muted">{phase}</span>
    </span>
  );
}
