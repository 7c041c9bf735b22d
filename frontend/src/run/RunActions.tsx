import { useState } from "react";

import { useRunSteering } from "../api/actions";
import { useSession } from "../api/session";
import { AskDialog } from "../shell/AskDialog";
import { Menu } from "../shell/Menu";
import { ProblemNotice } from "../shell/Notice";
import { VerbButton } from "../shell/VerbButton";
import { refused } from "../shell/verbs";
import { runVerbs, type RunVerb, type SteeredRun } from "../sweep/verbs";
import { plural } from "../text/numbers";

interface Run extends SteeredRun {
  id: number;
}

type Asked = "cancel" | "restart";

/** What can be done with a run, in a menu at the end of its row. */
export function RunMenu({ run, open = false, passed = false }: { run: Run; open?: boolean; passed?: boolean }) {
  const { act, asked, steering, close } = useRunActing(run.id);
  const verbs = refused(runVerbs(run), useSession().why("editor"));
  return (
    <>
      <Menu label={`Actions for run ${run.id}`} face="⋯" verbs={verbs} quiet passed={passed} open={open} onAct={act} />
      {steering.error && !asked && (
        <span className="small run-error" role="alert">
          {steering.error.message}
        </span>
      )}
      {asked && <Question run={run} verb={asked} steering={steering} onClose={close} />}
    </>
  );
}

/** The same as buttons, without those that make no sense now. */
export function RunButtons({ run }: { run: Run }) {
  const { act, asked, steering, close } = useRunActing(run.id);
  const possible = runVerbs(run).filter(({ whyNot }) => whyNot === undefined);
  const buttons = refused(possible, useSession().why("editor"));
  return (
    <>
      <div className="actions verbs">
        {buttons.map((verb) => (
          <VerbButton key={verb.id} verb={verb} busy={steering.isPending} onAct={act} />
        ))}
      </div>
      {steering.error && !asked && <ProblemNotice title="That was not done" error={steering.error} />}
      {asked && <Question run={run} verb={asked} steering={steering} onClose={close} />}
    </>
  );
}

function useRunActing(id: number) {
  const steering = useRunSteering(id);
  const [asked, setAsked] = useState<Asked | null>(null);

  function act(verb: RunVerb) {
    steering.reset();
    if (verb === "cancel" || verb === "restart") setAsked(verb);
    else steering.mutate({ verb });
  }

  return { act, asked, steering, close: () => setAsked(null) };
}

interface QuestionProps {
  run: Run;
  verb: Asked;
  steering: ReturnType<typeof useRunSteering>;
  onClose: () => void;
}

function Question({ run, verb, steering, onClose }: QuestionProps) {
  const stops = verb === "cancel";
  return (
    <AskDialog
      title={stops ? `Cancel run ${run.id}?` : `Restart run ${run.id} from zero?`}
      verb={stops ? "Cancel the run" : "Restart from zero"}
      danger
      busy={steering.isPending}
      error={steering.error}
      onClose={onClose}
      onAct={(reason) => steering.mutate({ verb, reason }, { onSuccess: onClose })}
    >
      <p>
        {stops
          ? "Stops it: at once while it is queued, soon while it runs. It can be retried."
          : "Queues it to train from its first step, without its checkpoint. What it measured so far is measured again."}
      </p>
      {run.others > 0 && <p>It does so for {plural(run.others, "other sweep")} as well.</p>}
    </AskDialog>
  );
}
