import type { Catalogue, FieldError } from "../api/types";
import { ArmRows } from "./ArmRows";
import type { Path, SweepText } from "./document";
import { Choice, Field } from "./Field";
import { parseNumber, parseNumbers, parseText, readField, writeField, type Value } from "./fields";

interface Props {
  source: string;
  text: SweepText;
  errors: FieldError[];
  catalogue: Catalogue | undefined;
  armNames: string[];
  onText: (text: string) => void;
}

const TRAINING: [label: string, path: Path][] = [
  ["Steps", ["train", "steps"]],
  ["Learning rate", ["train", "learning_rate"]],
  ["Prompts per step", ["train", "prompts_per_step"]],
  ["Completions per prompt", ["train", "completions_per_prompt"]],
];

const EVALUATION: [label: string, path: Path, hint: string][] = [
  ["Problems", ["eval", "problems"], "the same for every arm"],
  ["Samples", ["eval", "samples"], "per problem; the largest k"],
];

/** The common case of a sweep as a form. Whatever it does not show stays as the YAML has it. */
export function SweepForm({ source, text, errors, catalogue, armNames, onText }: Props) {
  const at = (path: Path) => ({
    shown: readField(text.doc, path),
    errors: errorsAt(path.join(".")),
    onValue: (value: Value) => onText(writeField(source, path, value)),
  });
  function errorsAt(field: string): string[] {
    return errors
      .filter((error) => error.field === field || error.field.startsWith(`${field}.`) || error.field.startsWith(`${field}[`))
      .map((error) => error.message);
  }
  return (
    <form className="sweep-form" onSubmit={(event) => event.preventDefault()} aria-label="Sweep">
      <fieldset disabled={text.spec === null}>
        <Field label="Name" parse={parseText} {...at(["name"])} />
        <Field label="Question" hint="what should this sweep answer?" parse={(value) => ({ value })} {...at(["question"])} />
        <div className="field-row">
          <Field
            label="Model"
            hint="or id@commit, ./folder"
            parse={parseText}
            suggestions={knownModels(catalogue)}
            {...at(["model"])}
          />
          <Field
            label="Task"
            hint="or reasoning-gym/family, ./folder"
            parse={parseText}
            suggestions={knownTasks(catalogue)}
            {...at(["task"])}
          />
        </div>
      </fieldset>
      <fieldset disabled={text.spec === null}>
        <legend>Training</legend>
        <div className="field-row">
          {TRAINING.map(([label, path]) => (
            <Field key={label} label={label} parse={parseNumber} placeholder="default" {...at(path)} />
          ))}
        </div>
        <Field label="Seeds" hint="one run per arm and seed" parse={parseNumbers} {...at(["seeds"])} />
      </fieldset>
      <fieldset disabled={text.spec === null}>
        <legend>Evaluation</legend>
        <div className="field-row">
          {EVALUATION.map(([label, path, hint]) => (
            <Field key={label} label={label} hint={hint} parse={parseNumber} placeholder="default" {...at(path)} />
          ))}
        </div>
      </fieldset>
      <fieldset disabled={text.spec === null}>
        <legend>Arms</legend>
        <ArmRows source={source} text={text} errorsAt={errorsAt} onText={onText} />
        <Choice label="Baseline" hint="every other arm is compared with it" choices={armNames} {...at(["baseline"])} />
      </fieldset>
    </form>
  );
}

function knownModels(catalogue: Catalogue | undefined): string[] {
  return catalogue ? [...catalogue.models.map((model) => model.name), ...catalogue.model_folders] : [];
}

function knownTasks(catalogue: Catalogue | undefined): string[] {
  if (!catalogue) return [];
  return [...catalogue.tasks.map((task) => task.name), ...catalogue.folders, ...catalogue.families];
}
