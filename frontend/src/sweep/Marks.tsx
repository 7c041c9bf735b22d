import type { SweepSummary } from "../api/types";

/** How a sweep was steered, as far as it still matters. */
export function Marks({ sweep }: { sweep: SweepSummary }) {
  const marks = [
    sweep.archived_at && "archived",
    (sweep.status === "paused" || sweep.status === "draining") && sweep.status,
    sweep.priority !== 0 && `priority ${sweep.priority}`,
    sweep.max_running !== null && `at most ${sweep.max_running} running`,
  ].filter((mark) => typeof mark === "string");
  return (
    <>
      {marks.map((mark) => (
        <span key={mark} className={mark === "paused" || mark === "draining" ? "tag warn" : "tag"}>
          {mark}
        </span>
      ))}
    </>
  );
}
