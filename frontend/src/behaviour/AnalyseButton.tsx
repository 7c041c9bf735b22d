import { Suspense, useState } from "react";

import { useSession } from "../api/session";
import type { SweepDetail } from "../api/types";
import { late } from "../shell/arriving";
import { Boundary } from "../shell/Boundary";

// Arrives when it is asked for, with the fields of the editor, which few visits need.
const AnalyseDialog = late(() => import("./AnalyseDialog"));

/** Asks for analyses; who may not is told why. */
export function AnalyseButton({ sweep, label, primary = false }: { sweep: SweepDetail; label: string; primary?: boolean }) {
  const { can, why } = useSession();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={primary ? "button primary" : "button"} disabled={!can("editor")} title={why("editor")} onClick={() => setOpen(true)}>
        {label}
      </button>
      {open && (
        <Boundary>
          <Suspense>
            <AnalyseDialog sweep={sweep} onClose={() => setOpen(false)} />
          </Suspense>
        </Boundary>
      )}
    </>
  );
}
