import type { RunDetail } from "../api/types";

/** Everything that determines the run's result, in the words of its specification. */
export function Configuration({ run }: { run: RunDetail }) {
  const { model, model_version, task, task_version, method, train, eval: evaluation, seed } = run.spec;
  return (
    <div className="configuration">
      <Section title="Run" values={{ model: `${model}, version ${model_version}`, task: `${task}, version ${task_version}`, seed }} />
      <Section title="Method" values={method} />
      {train ? <Section title="Training" values={train} /> : <Section title="Training" values={{ steps: "none: evaluated only" }} />}
      <Section title="Evaluation" values={evaluation} />
      <p className="small muted wrap">
        Content hash <code>{run.content_hash}</code>: a run of another sweep with this hash is this run.
      </p>
    </div>
  );
}

function Section({ title, values }: { title: string; values: object }) {
  const written = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return (
    <section>
      <h3>{title}</h3>
      <dl className="settings">
        {written.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
