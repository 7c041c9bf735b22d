import type { ComparedArm, Comparison } from "../api/types";
import { ArmMark } from "../charts/ArmMark";
import type { ArmStyle } from "../charts/palette";
import { Fact } from "../shell/Fact";
import { ArmName } from "../sweep/ArmName";
import { percent, points, range } from "../text/numbers";
import { BINS, ratedArms, sharesOf } from "./rates";

interface Props {
  comparison: Comparison;
  index: number;
  selected: string | null;
  styles: Map<string, ArmStyle>;
}

/** Whether an arm solves more problems, or the same ones more often: the baseline beside one arm. */
export function SuccessRates({ comparison, index, selected, styles }: Props) {
  const shown = ratedArms(comparison.arms, index, selected);
  if (shown.length === 0) return <p className="muted">They appear when the first run has been graded.</p>;
  return (
    <div className="rates">
      <ul className="rates-key small">
        {shown.map((arm) => (
          <li key={arm.name}>
            <ArmMark style={styles.get(arm.name)} />
            <ArmName name={arm.name} />
            {arm.is_baseline && <span className="muted">baseline</span>}
          </li>
        ))}
      </ul>
      <Histogram arms={shown} styles={styles} />
      <Cover arms={shown} taus={comparison.taus} />
    </div>
  );
}

function Histogram({ arms, styles }: { arms: ComparedArm[]; styles: Map<string, ArmStyle> }) {
  const shares = arms.map((arm) => sharesOf(arm) ?? []);
  const most = Math.max(...shares.flat());
  const ends = (bin: number) => shares.map((one) => percent(one[bin])).join(" → ");
  return (
    <div>
      <h3>Problems by share of samples that solve them</h3>
      <div className="histogram" role="img" aria-label={`Never solved ${ends(0)}, always solved ${ends(BINS.length - 1)} of the problems`}>
        {BINS.map((name, bin) => (
          <div key={name} className="histogram-bin" title={`${name}: ${ends(bin)} of the problems`}>
            {arms.map((arm, at) => (
              <span
                key={arm.name}
                style={{ height: `${(100 * (shares[at]?.[bin] ?? 0)) / most}%`, background: styles.get(arm.name)?.color }}
              />
            ))}
          </div>
        ))}
      </div>
      <div className="histogram-axis" aria-hidden="true">
        <span>0</span>
        <span>above 0, below 1, in tenths</span>
        <span>1</span>
      </div>
      <dl className="facts small">
        <Fact name="never solved">{ends(0)}</Fact>
        <Fact name="always solved">{ends(BINS.length - 1)}</Fact>
      </dl>
    </div>
  );
}

function Cover({ arms, taus }: { arms: ComparedArm[]; taus: number[] }) {
  return (
    <table className="cover small">
      <caption>
        Cover@τ <span className="muted">problems solved in at least a share τ of samples, %, with 95&nbsp;% intervals</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">τ</th>
          {arms.map((arm) => (
            <th key={arm.name} scope="col">
              {arm.is_baseline ? "baseline" : <ArmName name={arm.name} />}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {taus.map((tau, at) => (
          <tr key={tau}>
            <th scope="row">{tau.toFixed(1)}</th>
            {arms.map((arm) => (
              <td key={arm.name}>
                {points(arm.cover?.[at]?.mean)} <span className="muted">{range(arm.cover?.[at])}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
