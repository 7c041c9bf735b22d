import { useLayoutEffect, useRef } from "react";

import { useRunLog } from "../api/queries";
import { ProblemNotice, Skeleton } from "../shell/Notice";

/** The end of the log. It follows new lines while its reader is at the end, and stays put otherwise. */
export function LogTail({ id, busy }: { id: number; busy: boolean }) {
  const log = useRunLog(id, busy);
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  const text = log.data?.text ?? "";

  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);

  function watch() {
    const element = box.current;
    if (element) atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
  }

  if (log.error && !log.data) return <ProblemNotice title="The log could not be loaded" error={log.error} />;
  if (!log.data) return <Skeleton lines={4} />;
  if (!text) return <p className="muted">The trainer has written nothing.</p>;
  return (
    <pre ref={box} className="log" tabIndex={0} role="region" aria-label={`Log of attempt ${log.data.attempt}`} onScroll={watch}>
      {text}
    </pre>
  );
}
