import { useState } from "react";

import { useActions } from "../api/queries";
import type { Action } from "../api/types";
import { ago, exact } from "../text/times";
import { ACTIONS } from "../text/words";
import { ProblemNotice, Skeleton } from "./Notice";
import { useNow } from "./now";

interface Props {
  subject: "sweep" | "run";
  id: number;
}

/** Who did what to it, when and why; asked for when it is opened. */
export function ActionHistory({ subject, id }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details className="card history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>History of actions</summary>
      {open && <Actions subject={subject} id={id} />}
    </details>
  );
}

function Actions({ subject, id }: Props) {
  const page = useActions(subject, id);
  if (page.error && !page.data) return <ProblemNotice title="The history could not be loaded" error={page.error} />;
  if (!page.data) return <Skeleton lines={2} />;
  return <ActionList actions={page.data.actions} total={page.data.total} subject={subject} />;
}

export function ActionList({ actions, total, subject }: { actions: Action[]; total: number; subject: string }) {
  const now = useNow(30_000);
  if (actions.length === 0) return <p className="small muted">Nobody has steered this {subject} since it was submitted.</p>;
  return (
    <>
      <ol className="action-list">
        {actions.map((action) => (
          <li key={`${action.at} ${action.action}`}>
            <span>
              <b>{action.actor}</b> {ACTIONS[action.action] ?? action.action}
            </span>
            <time className="small muted" dateTime={action.at} title={exact(action.at)}>
              {ago(action.at, now)}
            </time>
            {action.reason && <span className="small wrap">{action.reason}</span>}
          </li>
        ))}
      </ol>
      {total > actions.length && <p className="small muted">The newest {actions.length} of {total}.</p>}
    </>
  );
}
