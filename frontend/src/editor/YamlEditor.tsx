import { useId, useRef } from "react";

import type { LineProblem } from "./document";
import { tokens } from "./highlight";

interface Props {
  value: string;
  problems: LineProblem[];
  onChange: (value: string) => void;
}

/** A text area over its own coloured copy; lines with errors are marked and listed below. */
export function YamlEditor({ value, problems, onChange }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = value.split("\n");
  const wrong = new Set(problems.map((problem) => problem.line));

  function goTo(line: number) {
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }

  return (
    <div className="yaml">
      <label htmlFor={id} className="visually-hidden">
        The sweep as YAML
      </label>
      <div className="yaml-scroll">
        <div className="yaml-sheet">
          <pre className="yaml-gutter" aria-hidden="true">
            {lines.map((_, index) => (
              <span key={index} className={wrong.has(index + 1) ? "wrong" : undefined}>
                {index + 1}
                {"\n"}
              </span>
            ))}
          </pre>
          <div className="yaml-text">
            <pre aria-hidden="true">
              {lines.map((line, index) => (
                <span key={index} className={wrong.has(index + 1) ? "yaml-line wrong" : "yaml-line"}>
                  {tokens(line).map((token, at) => (
                    <span key={at} className={`yaml-${token.kind}`}>
                      {token.text}
                    </span>
                  ))}
                  {"\n"}
                </span>
              ))}
            </pre>
            <textarea
              id={id}
              ref={area}
              className="code"
              value={value}
              onChange={(event) => onChange(event.target.value)}
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              wrap="off"
              aria-invalid={problems.length > 0}
              aria-describedby={`${id}-problems`}
            />
          </div>
        </div>
      </div>
      <ul id={`${id}-problems`} className="yaml-problems" aria-live="polite">
        {problems.map(({ field, message, line, arm }) => (
          <li key={`${field} ${message}`}>
            {line !== null && (
              <button type="button" onClick={() => goTo(line)}>
                line {line}
              </button>
            )}
            <span>
              {field && <code>{field}</code>} {arm && `(arm ${arm})`} {message}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
