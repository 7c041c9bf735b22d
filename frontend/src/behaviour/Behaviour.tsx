import type { SweepBehaviour, SweepDetail } from "../api/types";
import { Notice } from "../shell/Notice";
import { Bonuses } from "./Bonuses";
import { Courses } from "./Courses";
import { Differences } from "./Differences";
import { GapTable } from "./GapTable";
import { KindBars } from "./KindBars";
import { KindGaps } from "./KindGaps";
import { Pickers } from "./Pickers";
import { Quadrant } from "./Quadrant";
import { Sentences } from "./Sentences";
import { useStyles } from "./styles";
import { useBehaviourView } from "./view";

/** The figures of one inquiry, from how words differ to what a reader may read. */
export function Behaviour({ sweep, behaviour }: { sweep: SweepDetail; behaviour: SweepBehaviour }) {
  const styles = useStyles(sweep);
  const view = useBehaviourView(sweep, behaviour);
  const all = { sweep, behaviour, view, styles };
  return (
    <div className="behaviour">
      <Pickers sweep={sweep} behaviour={behaviour} view={view} />
      <div className="behaviour-pair">
        <KindBars {...all} />
        <KindGaps {...all} />
      </div>
      <GapTable {...all} />
      <Courses {...all} />
      <Differences {...all} />
      {behaviour.collapses.length > 0 && <Quadrant {...all} />}
      <Bonuses sweep={sweep} />
      {view.kinds.some(({ name, of }) => of === "sentences" && name === "rare") && <Sentences {...all} />}
      {behaviour.remarks.length > 0 && (
        <Notice title="What weakens these figures">
          <ul className="behaviour-remarks">
            {behaviour.remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}
