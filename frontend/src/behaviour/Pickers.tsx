import { isAnalysing } from "../api/behaviours";
import type { SweepBehaviour, SweepDetail } from "../api/types";
import { AfterStep } from "../sweep/AfterStep";
import { plural } from "../text/numbers";
import { AnalyseButton } from "./AnalyseButton";
import { chosenInquiry, trainedArms, UNTRAINED } from "./figures";
import type { View } from "./view";
import { inquiryWords, progressWords, shareWords } from "./words";

interface Props {
  sweep: SweepDetail;
  behaviour: SweepBehaviour;
  view: View;
}

/** After which step, which arm against which, and what was asked. */
export function Pickers({ sweep, behaviour, view }: Props) {
  const { steps, step, arm, baseline, change } = view;
  const arms = trainedArms(behaviour);
  const inquiry = chosenInquiry(behaviour);
  const untrained = behaviour.arms.some((one) => one.step === 0);
  return (
    <div className="behaviour-head">
      <div className="behaviour-pickers">
        {arms.length > 0 && (
          <label>
            arm
            <select aria-label="Arm" value={arm ?? ""} onChange={(event) => change({ arm: event.target.value })}>
              {arms.map((name) => (
                <option key={name} value={name}>
                  {name === behaviour.baseline ? `${name}, baseline` : name}
                </option>
              ))}
            </select>
          </label>
        )}
        {arms.length > 0 && (
          <label>
            against
            <select aria-label="Against" value={baseline} onChange={(event) => change({ baseline: event.target.value === behaviour.baseline ? null : event.target.value })}>
              {[...new Set([behaviour.baseline, ...arms, ...(untrained ? [UNTRAINED] : [])])].map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        {steps.length > 0 && (
          <label>
            after step
            <AfterStep steps={steps} step={step} change={change} />
          </label>
        )}
        {behaviour.inquiries.length > 1 && (
          <label>
            looked at by
            <select aria-label="Looked at by" value={behaviour.inquiry ?? ""} onChange={(event) => change({ inquiry: event.target.value })}>
              {behaviour.inquiries.map((one) => (
                <option key={one.key} value={one.key}>
                  {`${one.settings.lexicon.name}, ${plural(one.settings.probe.problems, "problem")}, ${shareWords(one)}`}
                </option>
              ))}
            </select>
          </label>
        )}
        <AnalyseButton sweep={sweep} label="Analyse more…" />
      </div>
      {inquiry && (
        <p className="small muted" role="status">
          {progressWords(inquiry)}
          {isAnalysing(behaviour) && "; figures come in as they are done"}. {inquiryWords(inquiry).join(", ")}.
        </p>
      )}
    </div>
  );
}
