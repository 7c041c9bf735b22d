import { ActionHistory } from "../shell/ActionHistory";
import { ConfirmationList } from "../sweep/Confirmations";
import type { TabProps } from "../sweep/tabs";
import { isWhollyFailed, WhollyFailed } from "../sweep/WhollyFailed";

/** What the sweep is, how far it has come, and what to do next. */
export function OverviewTab({ sweep }: TabProps) {
  return (
    <>
      {isWhollyFailed(sweep) && <WhollyFailed sweep={sweep} />}
      <ConfirmationList confirmations={sweep.confirmations} />
      <ActionHistory subject="sweep" id={sweep.id} />
    </>
  );
}
