import { useEffect, useRef } from "react";

import { Menu } from "../shell/Menu";
import { addArm, ARM_METHODS, readArms, removeArm, removeSetting, type WrittenArm } from "./arms";
import { Chips, type ListError } from "./Chips";
import type { Path, SweepText } from "./document";
import { Field, FieldErrors } from "./Field";
import { parseText, readField, writeField } from "./fields";
import { readList, writeList } from "./lists";

interface Props {
  source: string;
  text: SweepText;
  errorsAt: (path: Path) => ListError[];
  onText: (text: string) => void;
}

/** Training settings that arms are often compared over; the YAML takes all of them. */
const VARIED = ["clip_high", "learning_rate", "steps", "updates_per_rollout", "kl_coef"];

/** The arms to compare, each with the values to cross. */
export function ArmRows(props: Props) {
  const { source, text, errorsAt, onText } = props;
  const arms = readArms(text.doc);
  const rows = useRef<HTMLDivElement>(null);
  const many = useRef(arms.length);

  // A new arm is what its maker goes on with.
  useEffect(() => {
    if (arms.length === many.current + 1) rows.current?.querySelector<HTMLInputElement>(".arm-row:last-of-type input")?.focus();
    many.current = arms.length;
  }, [arms.length]);

  /** The next arm takes the place of what is removed, and so the focus; of the last arm the one before it does. */
  function remove(index: number) {
    const removers = rows.current?.querySelectorAll<HTMLElement>(".arm-row-head button");
    if (index === arms.length - 1) (removers?.[index - 1] ?? adder())?.focus();
    onText(removeArm(source, index));
  }

  const adder = () => rows.current?.parentElement?.querySelector<HTMLElement>(":scope > [aria-haspopup=menu]");

  return (
    <>
      <div ref={rows} className="arm-rows">
        {arms.map((arm) => (
          <ArmRow key={arm.index} arm={arm} onRemove={() => remove(arm.index)} {...props} />
        ))}
      </div>
      {arms.length === 0 && <FieldErrors errors={errorsAt(["arms"]).map(({ message }) => message)} />}
      <Menu
        label="Add an arm"
        verbs={ARM_METHODS}
        onAct={(id) => {
          const method = ARM_METHODS.find((one) => one.id === id);
          if (method) onText(addArm(source, method));
        }}
      />
    </>
  );
}

function ArmRow({ arm, source, text, errorsAt, onText, onRemove }: Props & { arm: WrittenArm; onRemove: () => void }) {
  const row = useRef<HTMLDivElement>(null);
  const { index, method, name } = arm;
  const at = (...rest: Path): Path => ["arms", index, ...rest];
  const list = (path: Path) => ({
    shown: readList(text.doc, path),
    errors: errorsAt(path),
    onItems: (items: string[]) => onText(writeList(source, path, items)),
  });
  const places: Path[] = [["name"], ...(method?.parameters.map((one) => [one.name]) ?? []), ...arm.train.map((one) => ["train", one])];
  const shown = new Set(places.flatMap((path) => errorsAt(at(...path)).map(({ message }) => message)));
  const rest = errorsAt(at()).map(({ message }) => message);
  return (
    <div ref={row} className="arm-row" role="group" aria-label={`Arm ${name || index + 1}`}>
      <div className="arm-row-head">
        <span className="arm-row-method">
          {method?.label ?? "Arm"} <span className="field-hint">{method?.meaning ?? "a method that the form does not know"}</span>
        </span>
        <button type="button" className="field-link" aria-label={`Remove arm ${name || index + 1}`} onClick={onRemove}>
          remove
        </button>
      </div>
      <div className="arm-parameters">
        <Field
          label="Arm name"
          shown={readField(text.doc, at("name"))}
          parse={parseText}
          onValue={(value) => onText(writeField(source, at("name"), value))}
          errors={errorsAt(at("name")).map(({ message }) => message)}
        />
        {method?.parameters.map((one) => (
          <Chips key={one.name} label={one.label} placeholder={one.otherwise && `${one.otherwise} unless written`} whole={one.whole} {...list(at(one.name))} />
        ))}
        {arm.train.map((setting) => (
          <Chips
            key={setting}
            label={`train.${setting}`}
            onDrop={() => {
              row.current?.querySelector<HTMLElement>(".vary")?.focus();
              onText(removeSetting(source, at("train", setting)));
            }}
            {...list(at("train", setting))}
          />
        ))}
      </div>
      {method && method.id !== "base" && <Vary taken={arm.train} onVary={(setting) => onText(writeList(source, at("train", setting), []))} />}
      {arm.others.length > 0 && <p className="small muted">The YAML also sets {arm.others.join(", ")}.</p>}
      <FieldErrors errors={[...new Set(rest)].filter((message) => !shown.has(message))} />
    </div>
  );
}

/** A further training setting for this arm alone, as clip-higher is. */
function Vary({ taken, onVary }: { taken: string[]; onVary: (setting: string) => void }) {
  return (
    <select className="vary" aria-label="Vary a training setting in this arm" value="" onChange={(event) => event.target.value && onVary(event.target.value)}>
      <option value="">vary a training setting…</option>
      {VARIED.filter((setting) => !taken.includes(setting)).map((setting) => (
        <option key={setting}>{setting}</option>
      ))}
    </select>
  );
}
