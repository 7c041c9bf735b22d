import type { ReactNode } from "react";

import type { Catalogue, EvalSettings, FieldError, ModelCard, Preview, TaskCard, TrainSettings } from "../api/types";
import { count } from "../text/numbers";
import { ArmRows } from "./ArmRows";
import { Chips, type ListError } from "./Chips";
import { fieldPath, type Path, type SweepText } from "./document";
import { Choice, Field } from "./Field";
import { parseNumber, parseText, readField, writeField, type Value } from "./fields";
import { readList, writeList } from "./lists";

interface Props {
  source: string;
  text: SweepText;
  errors: FieldError[];
  catalogue: Catalogue | undefined;
  /** Of the latest text that the API found in order: names, cards, what holds where nothing is written. */
  preview: Preview | undefined;
  onText: (text: string) => void;
}

type Setting<Of> = [label: string, name: keyof Of & string, hint?: string];

const TRAINING: Setting<TrainSettings>[] = [
  ["Steps", "steps", "optimiser updates"],
  ["Learning rate", "learning_rate"],
  ["Prompts per step", "prompts_per_step"],
  ["Completions per prompt", "completions_per_prompt"],
];

const MORE_TRAINING: Setting<TrainSettings>[] = [
  ["Clip low", "clip_low", "ε below 1"],
  ["Clip high", "clip_high", "0.28 is clip-higher"],
  ["Updates per rollout", "updates_per_rollout", "clipping acts above 1"],
  ["KL coefficient", "kl_coef"],
  ["Temperature", "temperature"],
  ["Longest completion", "max_completion_tokens", "tokens"],
  ["Warm-up steps", "warmup_steps"],
  ["LoRA rank", "lora_rank", "0 trains all weights"],
];

const EVALUATION: Setting<EvalSettings>[] = [
  ["Problems", "problems", "the same for every arm"],
  ["Samples", "samples", "per problem; the largest k"],
];

const MORE_EVALUATION: Setting<EvalSettings>[] = [
  ["Temperature", "temperature"],
  ["Top p", "top_p"],
  ["Longest completion", "max_completion_tokens", "tokens"],
  ["Also every", "every", "steps; the last always"],
];

/** The common case of a sweep as a form. Whatever it does not show stays as the YAML has it. */
export function SweepForm({ source, text, errors, catalogue, preview, onText }: Props) {
  const errorsAt = (path: Path) => findErrors(errors, path);
  const at = (...path: Path) => ({
    shown: readField(text.doc, path),
    errors: [...new Set(errorsAt(path).map(({ message }) => message))],
    onValue: (value: Value) => onText(writeField(source, path, value)),
  });
  const off = text.spec === null;
  const train = preview?.arms.find((arm) => arm.train)?.train;

  function settings<Of extends object>(section: string, fields: Setting<Of>[], known: Of | null | undefined) {
    return fields.map(([label, name, hint]) => (
      <Field key={name} label={label} hint={hint} parse={parseNumber} placeholder={otherwise(known, name)} {...at(section, name)} />
    ));
  }

  return (
    <form className="sweep-form" onSubmit={(event) => event.preventDefault()} aria-label="Sweep">
      <fieldset disabled={off}>
        <Field label="Name" parse={parseText} {...at("name")} />
        <Field label="Question" hint="what should this sweep answer?" long parse={(value) => ({ value })} {...at("question")} />
        <div className="field-row noted">
          <Field label="Model" note={describeModel(preview?.model)} parse={parseText} suggestions={knownModels(catalogue)} {...at("model")} />
          <Field label="Task" note={describeTask(preview?.task)} parse={parseText} suggestions={knownTasks(catalogue)} {...at("task")} />
        </div>
      </fieldset>
      <fieldset disabled={off}>
        <legend>Arms</legend>
        <ArmRows source={source} text={text} errorsAt={errorsAt} onText={onText} />
        <Choice label="Baseline" hint="every other arm is compared with it" choices={preview?.arms.map((arm) => arm.name) ?? []} {...at("baseline")} />
        <Chips
          label="Seeds"
          hint="one run per arm and seed; three or more show their spread"
          whole
          shown={readList(text.doc, ["seeds"])}
          errors={errorsAt(["seeds"])}
          onItems={(items) => onText(writeList(source, ["seeds"], items))}
        />
      </fieldset>
      <fieldset disabled={off}>
        <legend>Training</legend>
        <div className="field-row">{settings("train", TRAINING, train)}</div>
        <More label="Clipping, KL, temperature, LoRA">{settings("train", MORE_TRAINING, train)}</More>
      </fieldset>
      <fieldset disabled={off}>
        <legend>Evaluation</legend>
        <div className="field-row">{settings("eval", EVALUATION, preview?.eval)}</div>
        <More label="Sampling, checkpoints between">{settings("eval", MORE_EVALUATION, preview?.eval)}</More>
      </fieldset>
      <fieldset disabled={off}>
        <legend>Where and when</legend>
        <div className="field-row">
          <Choice label="Device" choices={["any", "cpu", "cuda"]} unset="any" {...at("resources", "device")} />
          <Field label="Memory" hint="GB a device, at least" parse={parseNumber} placeholder="0" {...at("resources", "memory_gb")} />
          <Field label="Priority" hint="-100 to 100" parse={parseNumber} placeholder="0" {...at("priority")} />
          <Field label="Running at most" hint="runs at once" parse={parseNumber} placeholder="no limit" {...at("max_running")} />
        </div>
      </fieldset>
    </form>
  );
}

function More({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="more-fields">
      <summary className="small">{label}</summary>
      <div className="field-row">{children}</div>
    </details>
  );
}

/** Those of a field and of what is inside it, with the place in it that each means. */
function findErrors(errors: FieldError[], path: Path): ListError[] {
  return errors.flatMap(({ field, message }) => {
    const place = fieldPath(field);
    if (!path.every((step, at) => step === place[at])) return [];
    const next = place[path.length];
    return [{ index: typeof next === "number" ? next : null, message }];
  });
}

function otherwise<Of extends object>(known: Of | null | undefined, name: keyof Of & string): string {
  const value = known?.[name];
  return value === undefined || value === null ? "default" : String(value);
}

function describeModel(card: ModelCard | undefined): string {
  return card ? card.summary : "a name that ships, owner/name@commit, or ./folder";
}

function describeTask(card: TaskCard | undefined): string {
  if (!card) return "a name that ships, reasoning-gym/family, or ./folder";
  return `${card.summary} ${count(card.train_problems)} problems to train on, ${count(card.eval_problems)} to be graded on.`;
}

function knownModels(catalogue: Catalogue | undefined): string[] {
  return catalogue ? [...catalogue.models.map((model) => model.name), ...catalogue.model_folders] : [];
}

function knownTasks(catalogue: Catalogue | undefined): string[] {
  if (!catalogue) return [];
  return [...catalogue.tasks.map((task) => task.name), ...catalogue.folders, ...catalogue.families];
}
