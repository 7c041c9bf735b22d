import type { RolloutGroup } from "../api/types";
import type { Problem } from "./choice";
import { Revealed } from "./Revealed";

/** The problem, and the prompt where that is more. */
export function ProblemText({ problem, group }: { problem: Problem; group: RolloutGroup | undefined }) {
  return (
    <div className="rollout-problem">
      <p className="wrap">
        <Revealed text={problem.problem} />
      </p>
      {group && group.prompt !== problem.problem && (
        <details className="small">
          <summary>The prompt as the model reads it</summary>
          <pre className="log" tabIndex={0} role="region" aria-label="Prompt">
            <Revealed text={group.prompt} />
          </pre>
        </details>
      )}
    </div>
  );
}
