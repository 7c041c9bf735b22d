import { useId, useState, type FormEvent } from "react";

import { useWebhookAddition } from "../api/admin";
import type { NewWebhook, WebhookEvent } from "../api/types";
import { ProblemNotice } from "../shell/Notice";

const EVENTS: { event: WebhookEvent; words: string }[] = [
  { event: "sweep.finished", words: "a sweep finishes" },
  { event: "run.failed", words: "a run fails" },
  { event: "worker.parked", words: "a worker parks itself" },
];

/** An address to tell, and of what. */
export function WebhookForm({ onMade }: { onMade: (webhook: NewWebhook) => void }) {
  const id = useId();
  const addition = useWebhookAddition();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState(EVENTS.map(({ event }) => event));

  function toggle(event: WebhookEvent) {
    setEvents(EVENTS.map((one) => one.event).filter((one) => (one === event) !== events.includes(one)));
  }

  function send(sent: FormEvent) {
    sent.preventDefault();
    addition.mutate(
      { url: url.trim(), events },
      {
        onSuccess: (webhook) => {
          setUrl("");
          onMade(webhook);
        },
      },
    );
  }

  return (
    <form className="settings-form webhook-form" onSubmit={send} aria-label="New webhook">
      <div className="field">
        <label htmlFor={`${id}-url`}>Address</label>
        <input id={`${id}-url`} inputMode="url" value={url} placeholder="https://example.org/hook" autoComplete="off" onChange={(event) => setUrl(event.target.value)} />
      </div>
      <fieldset className="checks wide">
        <legend className="visually-hidden">Tell it when</legend>
        {EVENTS.map(({ event, words }) => (
          <label key={event} className="check">
            <input type="checkbox" checked={events.includes(event)} onChange={() => toggle(event)} />
            {words}
          </label>
        ))}
      </fieldset>
      <button type="submit" className="button primary" disabled={url.trim() === "" || events.length === 0 || addition.isPending}>
        Add
      </button>
      {addition.error && (
        <div className="wide">
          <ProblemNotice title="It was not added" error={addition.error} />
        </div>
      )}
    </form>
  );
}
