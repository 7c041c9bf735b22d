import { isUnfinished } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { WhollyCancelled } from "./WhollyCancelled";
import { WhollyFailed } from "./WhollyFailed";

/** Whether it has ended, and none of its runs has succeeded. */
export function isFruitless({ progress }: SweepDetail): boolean {
  return progress.failed + progress.cancelled > 0 && progress.succeeded === 0 && !isUnfinished(progress);
}

/** Why there is nothing to compare, and what can be done about it. */
export function Fruitless({ sweep }: { sweep: SweepDetail }) {
  return sweep.progress.failed > 0 ? <WhollyFailed sweep={sweep} /> : <WhollyCancelled sweep={sweep} />;
}
