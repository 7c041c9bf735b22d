import type { Rollout } from "../api/types";
import { Fact } from "../shell/Fact";
import type { Marked } from "./marks";
import { tokenFacts, type TokenFacts } from "./words";

export interface Pointed {
  rollout: Rollout & Marked;
  token: number;
  kappa: number | null;
  arm: string;
}

/** The exact values of the token that is pointed at, else of the one that the keys are at. */
export function Readout({ pointed }: { pointed: Pointed | null }) {
  if (!pointed) return <p className="readout muted">Point at a token for its values, or step through a completion with ← and →.</p>;
  const facts = tokenFacts(pointed.rollout, pointed.token, pointed.kappa);
  return (
    <dl className="readout">
      <div className="readout-token">
        <dt>{facts.place}</dt>
        <dd>
          <code>{facts.token}</code>
        </dd>
      </div>
      <Fact name="entropy">{facts.entropy}</Fact>
      <Fact name="advantage">{facts.advantage}</Fact>
      <Fact name="ψ">{facts.cap ? `${facts.psi}, ${facts.cap}` : facts.psi}</Fact>
      {facts.mark && <Fact name="marked">{facts.mark}</Fact>}
      <div className="readout-where">
        <dt>of</dt>
        <dd>
          {pointed.arm} #{pointed.rollout.index}
        </dd>
      </div>
    </dl>
  );
}

/** What is said aloud when the arrow keys come to a token. */
export function Spoken({ pointed }: { pointed: Pointed | null }) {
  return (
    <p className="visually-hidden" role="status">
      {pointed && sentence(tokenFacts(pointed.rollout, pointed.token, pointed.kappa))}
    </p>
  );
}

function sentence({ token, place, mark, entropy, advantage, psi, cap }: TokenFacts): string {
  return [token, mark, place, `entropy ${entropy}`, `advantage ${advantage}`, cap ? `psi ${psi}, ${cap}` : null].filter(Boolean).join("; ");
}
