import { Suspense, useState } from "react";

import { isUnfinished, useSweep } from "../api/queries";
import { useSession } from "../api/session";
import type { ComparedArm, SweepDetail } from "../api/types";
import { late } from "../shell/arriving";
import { Boundary } from "../shell/Boundary";

// Arrives when asked for, with the fields of the editor, which few visits need.
const ConfirmDialog = late(() => import("./ConfirmDialog"));

interface Props {
  id: number;
  arms: ComparedArm[];
  selected: string | null;
}

/** Offers to confirm an arm, as soon as nothing can change which one looks best. */
export function ConfirmArm({ id, arms, selected }: Props) {
  const sweep = useSweep(id).data;
  const { can, why } = useSession();
  const [open, setOpen] = useState(false);
  const names = arms.filter(canBeConfirmed).map((arm) => arm.name);
  if (!sweep || !isSearch(sweep) || isUnfinished(sweep.progress) || names.length === 0) return null;
  return (
    <>
      <button type="button" className="button quiet" disabled={!can("editor")} title={why("editor")} onClick={() => setOpen(true)}>
        Confirm an arm…
      </button>
      {open && (
        <Boundary>
          <Suspense>
            <ConfirmDialog id={id} names={names} chosen={names.find((name) => name === selected)} onClose={() => setOpen(false)} />
          </Suspense>
        </Boundary>
      )}
    </>
  );
}

function canBeConfirmed(arm: ComparedArm): boolean {
  return !arm.is_baseline && arm.method.method !== "base" && arm.succeeded > 0;
}

/** Whether its problems may still be held out from somebody. */
function isSearch(sweep: SweepDetail): boolean {
  return sweep.spec.eval?.split !== "held_out";
}
