import type { AnalysisSettings, RunDetail, TrainSettings } from "../api/types";

/** Everything that determines the run's result, in the words of its specification. */
export function Configuration({ run }: { run: RunDetail }) {
  const { model, model_version, task, task_version, method, train, eval: evaluation, seed } = run.spec;
  const { model_settings: computed, task_settings: asked, analysis } = run.spec;
  return (
    <div className="configuration">
      <Section title="Run" values={{ model: `${model}, version ${model_version}`, task: `${task}, version ${task_version}`, seed }} />
      {analysis && <Section title="Analysis" values={flattened(analysis)} />}
      <Section title="Method" values={method} />
      {computed && <Section title="Model" values={computed} />}
      {asked && <Section title="Task" values={asked} />}
      <Section title="Training" values={train ? meaningful(train) : { steps: analysis ? "none" : "none: evaluated only" }} />
      {!analysis && <Section title="Evaluation" values={evaluation} />}
      <p className="small muted wrap">
        Content hash <code>{run.content_hash}</code>: a run of another sweep with this hash is this run.
      </p>
    </div>
  );
}

/** As fields are named where they are wrong; of the word list its name, which says which version it is. */
function flattened({ step, probe, lexicon, rare, collapse, shown: kept }: AnalysisSettings): object {
  const fields = Object.entries({ probe, rare, collapse }).flatMap(([part, values]): [string, unknown][] =>
    values === null ? [[part, "none"]] : Object.entries(values).map(([name, value]) => [`${part}.${name}`, value]),
  );
  return { step, lexicon: lexicon.name, shown: kept, ...Object.fromEntries(fields) };
}

/** Without the settings that mean nothing to this run: a critic's to a group, LoRA's to all weights. */
function meaningful(train: TrainSettings): object {
  const idle = (name: string) =>
    (train.estimator !== "gae" && CRITIC.includes(name)) || (!train.lora_rank && name.startsWith("lora_"));
  return Object.fromEntries(Object.entries(train).filter(([name]) => !idle(name)));
}

const CRITIC = ["critic", "critic_learning_rate", "critic_warmup_steps", "gae_lambda", "gamma", "whiten_advantages"];

function Section({ title, values }: { title: string; values: object }) {
  const written = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && shown(value) !== "");
  return (
    <section>
      <h3>{title}</h3>
      <dl className="settings">
        {written.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{shown(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function shown(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, item]) => `${name}: ${String(item)}`)
    .join(", ");
}
