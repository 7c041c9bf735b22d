import { Field, FieldErrors } from "./Field";
import {
  addArm,
  armIndexes,
  FORM_METHODS,
  otherArms,
  parseNumbers,
  readField,
  removeArm,
  writeField,
  type ArmParameter,
  type FormMethod,
} from "./fields";
import type { SweepText } from "./document";

const ROWS: Record<FormMethod, { title: string; meaning: string; parameters: ArmParameter[] }> = {
  base: { title: "Base model", meaning: "evaluated, not trained", parameters: [] },
  grpo: { title: "GRPO", meaning: "no entropy term", parameters: [] },
  ppo: { title: "PPO", meaning: "advantages from a critic", parameters: [] },
  entropy_bonus: { title: "Entropy bonus", meaning: "plain entropy regularisation", parameters: ["beta"] },
  entropy_shaped: { title: "Entropy-shaped", meaning: "A + min(α·H, |A|/κ)", parameters: ["alpha", "kappa"] },
  clip_cov: { title: "Clip-Cov", meaning: "tokens of high covariance are not updated", parameters: ["ratio"] },
  kl_cov: { title: "KL-Cov", meaning: "tokens of high covariance are held to the rollout", parameters: ["share", "coef"] },
  pass_at_k: { title: "Pass@k training", meaning: "rewarded when one of k is correct", parameters: ["k"] },
};

const SYMBOLS: Record<ArmParameter, string> = {
  alpha: "alpha α",
  kappa: "kappa κ",
  beta: "beta β",
  ratio: "share of tokens",
  share: "share of tokens",
  coef: "coefficient of the KL",
  k: "k",
};

interface Props {
  source: string;
  text: SweepText;
  errorsAt: (field: string) => string[];
  onText: (text: string) => void;
}

/** The methods to compare, each with the values to cross. */
export function ArmRows({ source, text, errorsAt, onText }: Props) {
  const others = otherArms(text.doc);
  return (
    <div className="arm-rows">
      {FORM_METHODS.map((method) => (
        <ArmRow key={method} method={method} source={source} text={text} errorsAt={errorsAt} onText={onText} />
      ))}
      {others.length > 0 && (
        <p className="small muted">
          Also in the YAML: {others.join(", ")}.
        </p>
      )}
    </div>
  );
}

function ArmRow({ method, source, text, errorsAt, onText }: Props & { method: FormMethod }) {
  const { title, meaning, parameters } = ROWS[method];
  const indexes = armIndexes(text.doc, method);
  const [index] = indexes;
  const several = indexes.length > 1;
  const toggle = () => onText(index === undefined ? addArm(source, method) : removeArm(source, method));
  const parameterErrors = (parameter: string) => errorsAt(`arms[${index}].${parameter}`);
  const shownBeside = parameters.flatMap(parameterErrors);
  const rest = index === undefined ? [] : errorsAt(`arms[${index}]`).filter((error) => !shownBeside.includes(error));
  return (
    <div className={index === undefined ? "arm-row off" : "arm-row"}>
      <label className="arm-toggle">
        <input type="checkbox" checked={index !== undefined} disabled={several} onChange={toggle} />
        <span>
          {title} <span className="field-hint">{several ? `${indexes.length} arms, set in the YAML` : meaning}</span>
        </span>
      </label>
      {index !== undefined && !several && parameters.length > 0 && (
        <div className="arm-parameters">
          {parameters.map((parameter) => (
            <Field
              key={parameter}
              label={SYMBOLS[parameter]}
              shown={readField(text.doc, ["arms", index, parameter])}
              parse={parseNumbers}
              placeholder={parameter === "kappa" ? "2" : undefined}
              onValue={(value) => onText(writeField(source, ["arms", index, parameter], value))}
              errors={parameterErrors(parameter)}
            />
          ))}
        </div>
      )}
      <FieldErrors errors={rest} />
    </div>
  );
}
