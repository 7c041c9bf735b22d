import { useState } from "react";

import { useWorkerSteering } from "../api/actions";
import { useSession } from "../api/session";
import type { Worker } from "../api/types";
import { AskDialog } from "../shell/AskDialog";
import { Menu } from "../shell/Menu";
import { refused } from "../shell/verbs";
import { workerVerbs, type WorkerVerb } from "./verbs";

/** What can be done with a worker, at the end of its row. */
export function WorkerMenu({ worker }: { worker: Worker }) {
  const steering = useWorkerSteering();
  const [asked, setAsked] = useState<"drain" | "forget" | null>(null);
  const forbidden = useSession().why("editor");

  function act(verb: WorkerVerb) {
    steering.reset();
    if (verb === "resume") steering.mutate({ name: worker.name, verb });
    else setAsked(verb);
  }

  return (
    <>
      <Menu label={`Actions for ${worker.name}`} face="⋯" verbs={refused(workerVerbs(worker), forbidden)} quiet onAct={act} />
      {steering.error && !asked && (
        <span className="small run-error" role="alert">
          {steering.error.message}
        </span>
      )}
      {asked && (
        <AskDialog
          title={asked === "drain" ? `Drain ${worker.name}?` : `Forget ${worker.name}?`}
          verb={asked === "drain" ? "Drain" : "Forget"}
          danger
          busy={steering.isPending}
          error={steering.error}
          onClose={() => setAsked(null)}
          onAct={(reason) => steering.mutate({ name: worker.name, verb: asked, reason }, { onSuccess: () => setAsked(null) })}
        >
          <p>
            {asked === "drain"
              ? "It takes no further run, and hands back the one it holds, saved at the end of its step. It stays drained until it is resumed, also when it is started again."
              : "Takes it off the list. Should it come back, it is on the list again."}
          </p>
        </AskDialog>
      )}
    </>
  );
}
