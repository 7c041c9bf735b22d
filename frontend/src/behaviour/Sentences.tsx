import { useMemo, useRef } from "react";

import { useRareSentences } from "../api/behaviours";
import type { ArmFigures, RareSentence, RareSentences, SweepDetail } from "../api/types";
import { saveCsv } from "../charts/downloads";
import { Card } from "../shell/Card";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useSeen } from "../shell/seen";
import { useView } from "../shell/view";
import { count, plural } from "../text/numbers";
import { isUntrained, UNTRAINED } from "./figures";
import { sentenceRows, sentencesSaying } from "./sentences";
import type { PartProps } from "./shared";
import { short } from "./words";

const CAVEAT = "Rare means worded unlike anything the untrained model writes on the same problems. That is unusual wording, not necessarily a new strategy.";

/** The rarest sentences to read, each beside the nearest that the untrained model wrote. */
export function Sentences({ sweep, view }: PartProps) {
  const [parameters, change] = useView();
  const box = useRef<HTMLElement>(null);
  const seen = useSeen(box);
  const choices = view.there.flatMap(runsOf);
  const chosen =
    choices.find(({ run }) => String(run) === parameters.get("sentences_of")) ?? choices.find(({ arm }) => arm === view.arm) ?? choices[0];
  const { data, error } = useRareSentences(seen && chosen ? chosen.run : null);
  if (!chosen) return null;
  return (
    <Card ref={box} title="Rare sentences, to read">
      <div className="behaviour-pickers">
        <label>
          written by
          <select aria-label="Written by" value={chosen.run} onChange={(event) => change({ sentences_of: event.target.value })}>
            {choices.map(({ run, name }) => (
              <option key={run} value={run}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="small behaviour-caveat">{CAVEAT}</p>
      {!data ? (
        error ? <ProblemNotice title="The sentences could not be loaded" error={error} /> : <Skeleton lines={6} height="2.6rem" />
      ) : (
        <Read found={data} sweep={sweep} name={chosen.name} run={chosen.run} />
      )}
    </Card>
  );
}

interface RunChoice {
  run: number;
  arm: string;
  name: string;
}

/** An arm's analyses, seed by seed. */
function runsOf(arm: ArmFigures): RunChoice[] {
  return arm.run_ids.map((run, at) => ({
    run,
    arm: arm.arm,
    name: isUntrained(arm) ? UNTRAINED : `${arm.arm}, seed ${arm.seeds[at]}, step ${arm.step}`,
  }));
}

function Read({ found, sweep, name, run }: { found: RareSentences; sweep: SweepDetail; name: string; run: number }) {
  const [parameters, change] = useView();
  const search = parameters.get("say") ?? "";
  const shown = useMemo(() => sentencesSaying(found.shown, search), [found.shown, search]);
  return (
    <>
      <p className="small muted">
        {plural(found.sentences, "sentence")} of {name} set against {count(found.base_sentences)} of the untrained model. Rare from a mean distance of{" "}
        {short(found.threshold)} on; the untrained model’s own rarest begin at {short(found.base_threshold)}.
      </p>
      <div className="sentence-tools">
        <input
          type="search"
          className="search"
          aria-label="Search in rare sentences"
          placeholder="Search in rare sentences"
          maxLength={200}
          value={search}
          onChange={(event) => change({ say: event.target.value || null })}
        />
        <span className="small muted" role="status">
          {search ? `${shown.length} of ${found.shown.length}` : `the ${found.shown.length} rarest`}
        </span>
        <button
          type="button"
          className="button quiet"
          aria-label="CSV of rare sentences"
          onClick={() => saveCsv(sentenceRows(shown, name), `sweep-${sweep.id}-run-${run}-rare-sentences`)}
        >
          CSV
        </button>
      </div>
      {shown.length === 0 ? (
        <p className="muted">{search ? `No kept rare sentence says “${search}”.` : "No sentence was kept to be read."}</p>
      ) : (
        <div className="sentences" tabIndex={0} role="region" aria-label="Rare sentences">
          <ol>
            {shown.map((sentence, at) => (
              <Sentence key={at} sentence={sentence} />
            ))}
          </ol>
        </div>
      )}
    </>
  );
}

function Sentence({ sentence: { text, distance, entropy, problem, nearest } }: { sentence: RareSentence }) {
  return (
    <li className="rare-sentence">
      <blockquote>{text}</blockquote>
      <p className="small muted">
        distance {short(distance)}, {entropy === null ? "entropy is not a number" : `entropy ${short(entropy)} nats`}, problem {problem}
      </p>
      {nearest.length > 0 && (
        <ul className="nearest small" aria-label="Nearest sentences of the untrained model">
          {nearest.map((one, at) => (
            <li key={at}>
              <span className="muted">{short(one.distance)}</span> <q>{one.text}</q>
              {one.problem !== problem && <span className="muted"> problem {one.problem}</span>}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
