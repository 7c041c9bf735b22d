import { useEffect, useState, type KeyboardEvent } from "react";
import { useLocation } from "wouter";

import { newKey, useSubmit } from "../api/actions";
import { Problem } from "../api/client";
import { useCatalogue, usePreview } from "../api/queries";
import { useSession } from "../api/session";
import type { Example, FieldError, Preview } from "../api/types";
import { AskDialog } from "../shell/AskDialog";
import { releaseGuard, useLeaving } from "../shell/leaving";
import { Notice, ProblemNotice } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { type LineProblem, locate, parseSweep, type SweepText } from "./document";
import { useDraft } from "./draft";
import { Counted, mendWords, useMistakes, type Mistakes } from "./mistakes";
import { PreviewPanel, submitLabel } from "./PreviewPanel";
import { Presets } from "./Presets";
import { SweepForm } from "./SweepForm";
import { YamlEditor } from "./YamlEditor";

interface Props {
  /** What it was begun from, by which a draft is found again. */
  origin: string;
  start: string;
  examples: Example[];
}

/** A sweep as a form and as YAML, what submitting it would do, and submitting it. */
export function Editor({ origin, start, examples }: Props) {
  const draft = useDraft(origin, start);
  const { text: source } = draft;
  const [replaced, setReplaced] = useState<string | null>(null);
  const catalogue = useCatalogue();
  const judged = useJudgement(source);
  const mistakes = useMistakes();
  const submission = useSubmission(source, judged, mistakes, draft.forget);
  const leaving = useLeaving(source !== start && !submission.isSuccess);

  function write(text: string) {
    setReplaced(null);
    draft.change(text);
  }

  function pick({ yaml }: Example) {
    const own = source !== start && !examples.some((example) => example.yaml === source);
    write(yaml);
    if (own) setReplaced(source);
  }

  function press(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submission.ask();
  }

  return (
    <div className="new-sweep" onKeyDown={press}>
      {examples.length > 0 && <Presets examples={examples} source={source} onPick={pick} />}
      {replaced !== null && (
        <Aside words="The example took the place of what you had written." verb="Undo" onAct={() => write(replaced)} />
      )}
      {draft.resumed && <Aside words="This is your draft, kept in this tab until it is closed or submitted." verb="Start over" onAct={draft.restart} />}
      <div className="editor">
        <section className="card" aria-label="Form">
          <Counted value={mistakes.report}>
            <SweepForm source={source} text={judged.text} errors={judged.errors} catalogue={catalogue.data} preview={judged.last} onText={write} />
          </Counted>
        </section>
        <div className="editor-side">
          <Submission judged={judged} mistakes={mistakes.many} submission={submission} />
          <section className="card yaml-card" aria-label="YAML">
            <div className="card-head">
              <h2>YAML</h2>
            </div>
            <YamlEditor value={source} problems={judged.problems} onChange={write} />
          </section>
        </div>
      </div>
      {leaving.asked && (
        <AskDialog title="Leave without submitting?" verb="Leave" otherwise="Stay" reasoned={false} busy={false} error={null} onAct={leaving.leave} onClose={leaving.stay}>
          <p>Nothing is queued. The draft stays in this tab until it is closed: New sweep shows it again.</p>
        </AskDialog>
      )}
    </div>
  );
}

function Aside({ words, verb, onAct }: { words: string; verb: string; onAct: () => void }) {
  return (
    <div className="aside small" role="status">
      {words}{" "}
      <button type="button" className="button quiet" onClick={onAct}>
        {verb}
      </button>
    </div>
  );
}

interface Judgement {
  text: SweepText;
  errors: FieldError[];
  problems: LineProblem[];
  /** What the API refused without naming a field. */
  refused: Problem | null;
  /** What submitting would do, of the latest text that is in order. */
  last: Preview | undefined;
  /** Whether `last` is of this very text. */
  isCurrent: boolean;
}

/** What YAML and the API make of the text. */
function useJudgement(source: string): Judgement {
  const text = parseSweep(source);
  const settled = useSettled(source);
  const { spec, isYaml } = parseSweep(settled);
  const preview = usePreview(isYaml ? spec : settled, settled);
  const [last, setLast] = useState<Preview>();
  if (preview.data && preview.data !== last) setLast(preview.data);
  const isSettled = settled === source;
  const refused = isSettled && preview.error instanceof Problem ? preview.error : null;
  const errors = refused?.errors ?? [];
  const told = locate(text, errors);
  return {
    text,
    errors,
    problems: told.length > 0 ? told : text.problems,
    refused: errors.length === 0 ? refused : null,
    last,
    isCurrent: isSettled && preview.isSuccess && text.spec !== null,
  };
}

/** Submits at once, or as soon as what was asked for has been judged and is in order. */
function useSubmission(source: string, { text, problems, refused, isCurrent }: Judgement, mistakes: Mistakes, forget: () => void) {
  const submit = useSubmit();
  const [, navigate] = useLocation();
  const { can, why } = useSession();
  // The text that is to be submitted: that which stands when the press that asked for it is done.
  const [wanted, setWanted] = useState<string | "asked" | null>(null);
  const isWanted = wanted === source && problems.length === 0 && refused === null && mistakes.many === 0;
  if (wanted === "asked") setWanted(source);
  // What was refused, or written over, is not submitted minutes later because its preview succeeds then.
  else if (wanted !== null && !isWanted) setWanted(null);
  const ready = isCurrent && mistakes.many === 0 && can("editor") && !submit.isPending;

  useEffect(() => {
    if (!isWanted || !ready || !text.spec || mistakes.any()) return;
    setWanted(null);
    submit.mutate(
      { spec: text.spec, key: newKey() },
      {
        onSuccess: (sweep) => {
          forget();
          releaseGuard();
          navigate(`/sweeps/${sweep.id}`);
        },
      },
    );
  });

  return {
    ask: () => setWanted("asked"),
    ready,
    error: submit.error,
    isPending: submit.isPending || isWanted,
    isSuccess: submit.isSuccess,
    forbidden: why("editor"),
  };
}

function Submission({ judged, mistakes, submission }: { judged: Judgement; mistakes: number; submission: ReturnType<typeof useSubmission> }) {
  const { problems, refused, last, isCurrent } = judged;
  return (
    <section className="card preview-card" aria-label="Preview">
      <div className="card-head">
        <h2>What submitting does</h2>
        <button type="button" className="button primary" aria-keyshortcuts="Control+Enter" title="Ctrl+Enter" disabled={!submission.ready} onClick={submission.ask}>
          {submission.isPending ? "Submitting…" : submitLabel(problems.length > 0 ? undefined : last)}
        </button>
      </div>
      {submission.forbidden && <p className="small muted">{submission.forbidden}</p>}
      {submission.error && <ProblemNotice title="The sweep was not submitted" error={submission.error} />}
      {refused && <ProblemNotice title="No preview" error={refused} />}
      {problems.length > 0 && (
        <Notice tone="plain">
          <p className="problem-count">Mend {problems.length === 1 ? "the error" : `the ${problems.length} errors`} marked in the form and in the YAML to go on.</p>
        </Notice>
      )}
      {problems.length === 0 && mistakes > 0 && (
        <Notice tone="plain">
          <p className="problem-count">{mendWords(mistakes)}</p>
        </Notice>
      )}
      <PreviewPanel preview={last} outdated={!isCurrent || mistakes > 0} />
    </section>
  );
}
