import type { ReactNode } from "react";

import { Problem } from "../api/client";

type Tone = "plain" | "warn" | "danger";

export function Notice({ tone = "plain", title, children }: { tone?: Tone; title?: string; children?: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === "danger" ? "alert" : undefined}>
      {title && <p className="notice-title">{title}</p>}
      {children && <div className="notice-body">{children}</div>}
    </div>
  );
}

/** An error of the API or the network, in its own words. */
export function ProblemNotice({ error, title }: { error: Error; title: string }) {
  const fields = error instanceof Problem ? error.errors : [];
  return (
    <Notice tone="danger" title={title}>
      {fields.length === 0 ? (
        <p className="sentence">
          <Spoken words={error.message} />
        </p>
      ) : (
        <ul>
          {fields.map((field) => (
            <li key={field.field}>
              <code>{field.field}</code> {field.message}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** A message of the API, with what it has in backticks as something to type. */
function Spoken({ words }: { words: string }) {
  return words.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}

/** Grey bars in the place of what is coming, so that nothing jumps when it does. */
export function Skeleton({ lines = 3, height = "1.25rem" }: { lines?: number; height?: string }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} style={{ height, width: `${96 - ((line * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** The shape of a tab that is coming: words above two charts, laid out by the classes of the tab and of its pair. */
export function SkeletonTab({ className, pair }: { className: string; pair: string }) {
  const chart = (
    <div className="card loading-card">
      <Skeleton lines={6} height="3rem" />
    </div>
  );
  return (
    <div className={className}>
      <Skeleton lines={2} height="1.6rem" />
      <div className={pair}>
        {chart}
        {chart}
      </div>
    </div>
  );
}

/** Says what is not there and what to do about it; as a whole page, its title is the page's. */
export function Empty({ title, whole = false, children }: { title: string; whole?: boolean; children: ReactNode }) {
  const Title = whole ? "h1" : "h2";
  return (
    <div className="empty">
      <Title>{title}</Title>
      <div>{children}</div>
    </div>
  );
}
