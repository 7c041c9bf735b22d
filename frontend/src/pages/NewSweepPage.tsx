import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";

import { newKey, useSubmit } from "../api/actions";
import { Problem } from "../api/client";
import { useCatalogue, usePreview, useSweep } from "../api/queries";
import { useSession } from "../api/session";
import type { Preview } from "../api/types";
import { locate, parseSweep, writeSpec } from "../editor/document";
import { PreviewPanel, submitLabel } from "../editor/PreviewPanel";
import { SweepForm } from "../editor/SweepForm";
import { YamlEditor } from "../editor/YamlEditor";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { useTitle } from "../shell/title";

/** Loads what the editor starts from: the sweep named by `?from=`, else the first example. */
export default function NewSweepPage() {
  const [parameters] = useSearchParams();
  const from = parameters.get("from");
  useTitle("New sweep");
  return (
    <>
      <div className="page-head">
        <h1>New sweep</h1>
        <p className="muted">The form and the YAML are the same sweep: edit either.</p>
      </div>
      {from ? <FromSweep key={from} id={Number(from)} /> : <FromExample />}
    </>
  );
}

function FromExample() {
  const catalogue = useCatalogue();
  if (catalogue.error) return <ProblemNotice title="The examples could not be loaded" error={catalogue.error} />;
  if (!catalogue.data) return <Skeleton lines={8} />;
  return <Editor start={catalogue.data.examples[0]?.yaml ?? "name: my sweep\n"} />;
}

function FromSweep({ id }: { id: number }) {
  const sweep = useSweep(id);
  const [start, setStart] = useState<string | null>(null);
  if (start === null && sweep.data) setStart(writeSpec({ ...sweep.data.spec, name: `${sweep.data.name} (copy)` }));
  if (start !== null) return <Editor start={start} />;
  if (sweep.error) return <ProblemNotice title="The sweep to clone could not be loaded" error={sweep.error} />;
  return <Skeleton lines={8} />;
}

function Editor({ start }: { start: string }) {
  const [source, setSource] = useState(start);
  const [, navigate] = useLocation();
  const catalogue = useCatalogue();
  const text = parseSweep(source);
  const settled = useSettled(source);
  const preview = usePreview(parseSweep(settled).spec, settled);
  const [last, setLast] = useState<Preview>();
  if (preview.data && preview.data !== last) setLast(preview.data);
  const submit = useSubmit();
  const { can, why } = useSession();
  const forbidden = why("editor");
  const current = settled === source;
  const refused = current && preview.error instanceof Problem ? preview.error : null;
  const errors = refused?.errors ?? [];
  const problems = [...text.problems, ...locate(text, errors)];
  const ready = current && preview.isSuccess && text.spec !== null && !submit.isPending && can("editor");

  function send() {
    if (!text.spec) return;
    submit.mutate({ spec: text.spec, key: newKey() }, { onSuccess: (sweep) => navigate(`/sweeps/${sweep.id}`) });
  }

  return (
    <div className="editor">
      <section className="card" aria-label="Form">
        <SweepForm
          source={source}
          text={text}
          errors={errors}
          catalogue={catalogue.data}
          armNames={last?.arms.map((arm) => arm.name) ?? []}
          onText={setSource}
        />
      </section>
      <div className="editor-side">
        <section className="card" aria-label="YAML">
          <div className="card-head">
            <h2>YAML</h2>
            <Examples examples={catalogue.data?.examples ?? []} onPick={setSource} />
          </div>
          <YamlEditor value={source} problems={problems} onChange={setSource} />
        </section>
        <section className="card" aria-label="Preview">
          <div className="card-head">
            <h2>What submitting does</h2>
            <button type="button" className="button primary" disabled={!ready} onClick={send}>
              {submit.isPending ? "Submitting…" : submitLabel(problems.length > 0 ? undefined : last)}
            </button>
          </div>
          {forbidden && <p className="small muted">{forbidden}</p>}
          {submit.error && <ProblemNotice title="The sweep was not submitted" error={submit.error} />}
          {refused && errors.length === 0 && <ProblemNotice title="No preview" error={refused} />}
          {problems.length > 0 && <p className="problem-count">Mend {problems.length === 1 ? "the error" : `the ${problems.length} errors`} marked in the YAML to go on.</p>}
          {problems.length === 0 && !refused && <PreviewPanel preview={last} outdated={!preview.isSuccess || !current} />}
        </section>
      </div>
    </div>
  );
}

function Examples({ examples, onPick }: { examples: { name: string; yaml: string }[]; onPick: (yaml: string) => void }) {
  if (examples.length === 0) return null;
  return (
    <select
      className="example-choice"
      aria-label="Start from an example"
      value=""
      onChange={(event) => {
        const example = examples.find(({ name }) => name === event.target.value);
        if (example) onPick(example.yaml);
      }}
    >
      <option value="">Start from an example…</option>
      {examples.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
