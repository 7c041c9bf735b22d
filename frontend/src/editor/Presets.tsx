import type { Example } from "../api/types";

interface Props {
  examples: Example[];
  /** The text that is being edited. */
  source: string;
  onPick: (example: Example) => void;
}

/** Sweeps to begin with, each with what it asks and what it takes. */
export function Presets({ examples, source, onPick }: Props) {
  return (
    <section aria-labelledby="presets-title">
      <h2 id="presets-title" className="presets-title">
        Start from one of {examples.length} examples
      </h2>
      <ul className="presets">
        {examples.map((example) => (
          <li key={example.name}>
            <button type="button" className="preset" aria-pressed={example.yaml === source} onClick={() => onPick(example)}>
              <span className="preset-name">{example.name}</span>
              <span className="preset-question">{example.question}</span>
              <span className="preset-cost">{costOf(example)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** "A CPU core for each worker. A minute a run, 25 runs." */
function costOf({ device, time, estimated }: Example): string {
  const sentences = [device, time && (estimated ? `${time}, an estimate` : time)].filter(Boolean);
  return sentences.map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`).join(" ");
}
