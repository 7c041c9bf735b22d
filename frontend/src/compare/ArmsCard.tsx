import { useMemo, useState } from "react";

import { readWholeComparison } from "../api/queries";
import type { SweepDetail } from "../api/types";
import { saveCsv } from "../charts/downloads";
import { ConfirmArm } from "../confirm/ConfirmArm";
import { Card } from "../shell/Card";
import { NARROW, useMedia } from "../shell/media";
import { plural } from "../text/numbers";
import { AddK } from "./AddK";
import { ArmCards } from "./ArmCards";
import type { ArmsProps } from "./arms";
import { ArmsTable } from "./ArmsTable";
import { oddBudgets } from "./budgets";
import { allColumns, groupsOf, ordered } from "./columns";
import { firstRows } from "./foremost";
import { comparisonRows } from "./tables";

interface Props extends Omit<ArmsProps, "arms" | "budgets"> {
  sweep: SweepDetail;
  onAdd: (k: number) => void;
}

/** Every arm with its figures: a table where there is room, else cards. */
export function ArmsCard({ sweep, onAdd, ...rest }: Props) {
  const { comparison, ks, order, selected } = rest;
  const narrow = useMedia(NARROW);
  const budgets = useMemo(() => oddBudgets(sweep.arms_list, comparison.baseline), [sweep.arms_list, comparison.baseline]);
  const arms = useMemo(() => ordered(comparison.arms, allColumns(groupsOf(comparison, ks)), order), [comparison, ks, order]);
  const [all, showAll] = useState(false);
  const shown = all ? arms : firstRows(arms, selected);
  const Arms = narrow ? ArmCards : ArmsTable;
  return (
    <Card
      flush
      title={`Arms against ${comparison.baseline}`}
      actions={
        <span className="card-actions">
          <AddK ks={comparison.ks} shown={ks} onAdd={onAdd} />
          <ConfirmArm id={comparison.sweep_id} arms={asSubmitted(comparison)} selected={selected} />
          <WholeCsv comparison={comparison} />
          <a className="button quiet" href={`/api/sweeps/${comparison.sweep_id}/export.csv`} download>
            CSV, every grade
          </a>
        </span>
      }
    >
      <Arms {...rest} arms={shown} budgets={budgets} />
      {shown.length < arms.length && (
        <p className="more-arms">
          <button type="button" className="button" onClick={() => showAll(true)}>
            Show the other {plural(arms.length - shown.length, "arm")}
          </button>
        </p>
      )}
    </Card>
  );
}

/** Figures at every k, which the page itself does not need. */
function WholeCsv({ comparison }: { comparison: ArmsProps["comparison"] }) {
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");

  async function save() {
    setState("loading");
    try {
      saveCsv(comparisonRows(await readWholeComparison(comparison)), `sweep-${comparison.sweep_id}-comparison`);
      setState("idle");
    } catch {
      setState("failed");
    }
  }

  return (
    <button type="button" className="button quiet" disabled={state === "loading"} onClick={() => void save()}>
      {state === "failed" ? "CSV could not be had: try again" : "CSV, every k"}
    </button>
  );
}

/** A confirmation is against the baseline that the sweep was submitted with, whatever is looked at. */
function asSubmitted({ arms, submitted_baseline: own }: ArmsProps["comparison"]) {
  return arms.map((arm) => ({ ...arm, is_baseline: arm.name === own }));
}
