import { useAllRunMetrics } from "../api/curves";
import type { RunDetail } from "../api/types";
import { count } from "../text/numbers";
import { duration } from "../text/times";
import { Fact } from "../shell/Fact";

const TRAINED = "seconds";
const TOKENS = "tokens";

/** How long devices worked for the run, in all of its attempts. */
export function DeviceTime({ run, now }: { run: RunDetail; now: number }) {
  return (
    <Fact name="Device time">
      {duration(deviceSeconds(run, now))}
      {run.attempts.length > 1 && <span className="muted"> in {run.attempts.length} attempts</span>}
    </Fact>
  );
}

/** How fast it trained on them; of the metrics that are drawn below, so that they are not asked for twice. */
export function TrainingSpeed({ id, busy }: { id: number; busy: boolean }) {
  const series = useAllRunMetrics(id, busy).data?.series ?? [];
  const last = (name: string) => series.find((one) => one.name === name)?.values.at(-1) ?? null;
  const [seconds, tokens] = [last(TRAINED), last(TOKENS)];
  if (seconds === null || tokens === null || seconds <= 0) return null;
  return <Fact name="Training">{count(Math.round(tokens / seconds))} tokens a second</Fact>;
}

/** Of every attempt, those that failed or were lost included. */
export function deviceSeconds({ attempts }: Pick<RunDetail, "attempts">, now: number): number {
  return attempts.reduce((sum, { started_at, ended_at }) => sum + Math.max(0, (ended_at ? Date.parse(ended_at) : now) - Date.parse(started_at)) / 1000, 0);
}
