import { useState } from "react";

import { useWebhookRemoval, useWebhooks, useWebhookTest } from "../api/admin";
import type { NewWebhook, Webhook } from "../api/types";
import { AskDialog } from "../shell/AskDialog";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { plural } from "../text/numbers";
import { ago } from "../text/times";
import { Deliveries } from "./Deliveries";
import { Secret } from "./Secret";
import { WebhookForm } from "./WebhookForm";

/** Addresses that are told what happens here. */
export function Webhooks() {
  const webhooks = useWebhooks();
  const [made, setMade] = useState<NewWebhook | null>(null);
  const [removed, setRemoved] = useState<Webhook | null>(null);
  return (
    <section className="card settings-section" aria-labelledby="webhooks-title">
      <h2 id="webhooks-title">Webhooks</h2>
      <p className="small muted">
        Each address is sent a signed message (Standard Webhooks) when one of its events happens, and again for a day until it
        answers 2xx.
      </p>
      <WebhookForm onMade={setMade} />
      {made && <Secret title="The secret that signs its messages" label="Secret" text={made.secret} onDone={() => setMade(null)} />}
      {webhooks.error && !webhooks.data && <ProblemNotice title="The webhooks could not be loaded" error={webhooks.error} />}
      {!webhooks.data && !webhooks.error && <Skeleton lines={2} />}
      {webhooks.data?.length === 0 && <p className="muted">No address is told yet.</p>}
      {webhooks.data && webhooks.data.length > 0 && (
        <ul>
          {webhooks.data.map((webhook) => (
            <Told key={webhook.id} webhook={webhook} onRemove={() => setRemoved(webhook)} />
          ))}
        </ul>
      )}
      {removed && <Remove webhook={removed} onClose={() => setRemoved(null)} />}
    </section>
  );
}

function Told({ webhook, onRemove }: { webhook: Webhook; onRemove: () => void }) {
  const now = useNow(30_000);
  const test = useWebhookTest(webhook.id);
  const [open, setOpen] = useState(false);

  /** Its result is in the deliveries. */
  function send() {
    test.mutate();
    setOpen(true);
  }

  return (
    <li className="webhook">
      <div className="webhook-head">
        <code>{webhook.url}</code>
        <span className="card-actions">
          <button type="button" className="button quiet" disabled={test.isPending} onClick={send}>
            Send a test
          </button>
          <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            Deliveries
          </button>
          <button type="button" className="button quiet" onClick={onRemove}>
            Remove…
          </button>
        </span>
      </div>
      <p className="small muted facts">
        <span>{webhook.events.join(", ")}</span>
        <span>{webhook.delivered_at ? `last delivered ${ago(webhook.delivered_at, now)}` : "nothing delivered yet"}</span>
        {webhook.pending > 0 && <span>{webhook.pending} under way</span>}
        {webhook.failed > 0 && <span className="warn-text">{plural(webhook.failed, "message")} given up</span>}
      </p>
      {test.error && <ProblemNotice title="No test was sent" error={test.error} />}
      {open && <Deliveries id={webhook.id} />}
    </li>
  );
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const removal = useWebhookRemoval();
  return (
    <AskDialog
      title="Remove this webhook?"
      verb="Remove"
      danger
      reasoned={false}
      busy={removal.isPending}
      error={removal.error}
      onClose={onClose}
      onAct={() => removal.mutate(webhook.id, { onSuccess: onClose })}
    >
      <p className="wrap">
        <code>{webhook.url}</code> is told nothing more; the list of its deliveries goes with it.
      </p>
    </AskDialog>
  );
}
