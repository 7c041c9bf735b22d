import { useConditions } from "../api/overviews";
import type { Conditions, SweepDetail } from "../api/types";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { count } from "../text/numbers";
import { commonTraining, worded } from "./parameters";

/** Shown at once; the rest on demand. */
const FOREMOST = ["steps", "learning_rate", "prompts_per_step", "completions_per_prompt", "updates_per_rollout", "clip_low", "clip_high", "temperature", "max_completion_tokens"];

/** What all arms have in common: model, task, training, evaluation, seeds. */
export function ConditionsCard({ sweep }: { sweep: SweepDetail }) {
  const found = useConditions(sweep.id);
  return (
    <section className="card conditions" aria-labelledby="conditions-title">
      <h2 id="conditions-title">Setting</h2>
      {found.error && !found.data && <ProblemNotice title="The setting could not be loaded" error={found.error} />}
      {found.isPending && <Skeleton lines={6} />}
      {found.data && <Loaded sweep={sweep} conditions={found.data} />}
    </section>
  );
}

function Loaded({ sweep, conditions }: { sweep: SweepDetail; conditions: Conditions }) {
  const { model, task } = conditions;
  const training = commonTraining(sweep.arms_list);
  const rest = training.filter(([name]) => !FOREMOST.includes(name));
  const settings = Object.entries(conditions.task_settings).filter(([, value]) => !isDefault(value));
  return (
    <>
      <h3>Model</h3>
      <p>
        {conditions.model_name}
        {model?.parameters ? <span className="muted"> · {count(model.parameters)} parameters</span> : null}
      </p>
      <p className="small muted">{model?.summary ?? `Version ${conditions.model_version}; this server has another by now, or none.`}</p>
      <h3>Task</h3>
      <p>{conditions.task_name}</p>
      <p className="small muted">{task?.summary ?? `Version ${conditions.task_version}; this server has another by now, or none.`}</p>
      {task && (
        <p className="small">
          <b>Correct:</b> {task.correct}
        </p>
      )}
      {settings.length > 0 && <Values values={settings} />}
      {training.length > 0 && (
        <>
          <h3>Training</h3>
          <Values values={training.filter(([name]) => FOREMOST.includes(name))} />
          {rest.length > 0 && (
            <details>
              <summary className="small muted">{rest.length} further settings</summary>
              <Values values={rest} />
            </details>
          )}
        </>
      )}
      <h3>Evaluation</h3>
      <Values values={Object.entries(conditions.eval)} />
      <h3>Seeds</h3>
      <p className="small">{seedsOf(sweep)}</p>
    </>
  );
}

function Values({ values }: { values: [string, unknown][] }) {
  return (
    <dl className="settings">
      {values
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{worded(name)}</dt>
            <dd>{typeof value === "object" ? JSON.stringify(value) : String(value)}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Whether a setting of the task changes nothing. */
function isDefault(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === null || value === 0 || value === "auto" || value === "end";
}

function seedsOf(sweep: SweepDetail): string {
  const seeds = sweep.spec.seeds ?? [];
  return seeds.length > 12 ? `${seeds.slice(0, 10).join(", ")} and ${seeds.length - 10} more` : seeds.join(", ");
}
