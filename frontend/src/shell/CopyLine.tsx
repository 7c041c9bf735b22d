import { useRef, useState } from "react";

interface Props {
  /** What it is, for a reader who cannot see it. */
  label: string;
  text: string;
}

/** A line to copy. Over plain HTTP browsers keep their clipboard to themselves: then it is selected. */
export function CopyLine({ label, text }: Props) {
  const line = useRef<HTMLElement>(null);
  const [said, setSaid] = useState("Copy");

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      if (line.current) window.getSelection()?.selectAllChildren(line.current);
      setSaid("Selected: press Ctrl+C");
    }
  }

  return (
    <div className="copy-line">
      <code ref={line} aria-label={label}>
        {text}
      </code>
      <button type="button" className="button quiet" onClick={copy} aria-label={`Copy ${label.toLowerCase()}`}>
        <span role="status">{said}</span>
      </button>
    </div>
  );
}
