import { useCallback, useMemo } from "react";

import { useSweepRuns } from "../api/queries";
import type { SweepRun, SweepRuns } from "../api/types";
import { saveCsv } from "../charts/downloads";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { toggled, useListed, useView } from "../shell/view";
import type { TabProps } from "../sweep/tabs";
import type { Cell } from "../text/csv";
import { count, plural } from "../text/numbers";
import { BatchBar } from "./BatchBar";
import { type Column, COLUMNS, type Context, USUAL } from "./columns";
import { ColumnChooser, FilterBar } from "./FilterBar";
import { arrange, choose, isFiltered, order, readView, UNFILTERED } from "./rows";
import { RunGrid } from "./RunGrid";
import { useSelection } from "./selection";

export function RunsTab({ id, busy }: TabProps) {
  const found = useSweepRuns(id, busy);
  if (found.data) return <Runs id={id} runs={found.data.runs} sweeps={found.data.sweeps} />;
  if (found.error) return <ProblemNotice title="The runs could not be loaded" error={found.error} />;
  return <Skeleton lines={8} height="2rem" />;
}

interface Props extends Pick<SweepRuns, "runs" | "sweeps"> {
  id: number;
}

/** Every run of the sweep. The address says which are shown and how; what is selected is for the moment. */
function Runs({ id, runs, sweeps }: Props) {
  const [parameters, change] = useView();
  const view = useMemo(() => readView(parameters), [parameters]);
  const [listed, list] = useListed("runs-columns");
  const [closed, close] = useListed("runs-closed");
  const now = useNow(5000);
  const names = useMemo(() => new Map(sweeps.map((sweep) => [sweep.id, sweep.name])), [sweeps]);
  const context: Context = useMemo(() => ({ now, sweeps: names }), [now, names]);
  const columns = useMemo(() => chosenColumns(listed), [listed]);

  const chosen = useMemo(() => choose(runs, view), [runs, view]);
  // Only durations of what runs change by themselves, so only they are put in order anew for it.
  const moment = view.sort?.column === "took" ? now : 0;
  const shown = useMemo(() => order(chosen, view.sort, { now: moment, sweeps: names }), [chosen, view.sort, moment, names]);
  const rows = useMemo(() => arrange(shown, view.group, new Set(closed)), [shown, view.group, closed]);

  const selection = useSelection(useMemo(() => rows.flatMap((row) => (row.kind === "run" ? [row.run.id] : [])), [rows]));
  const selected = useMemo(() => shown.filter((run) => selection.ids.has(run.id)), [shown, selection.ids]);
  const toggleGroup = useCallback((name: string) => close(toggled(closed, name)), [close, closed]);

  return (
    <>
      <FilterBar runs={runs} view={view} onChange={change} />
      <div className="list-line">
        <p className="small muted" role="status">
          {shown.length === runs.length ? plural(runs.length, "run") : `${count(shown.length)} of ${plural(runs.length, "run")}`}
        </p>
        <div className="card-actions">
          <ColumnChooser columns={columns} onChange={(next) => list(sameAsUsual(next) ? [] : next)} />
          <button type="button" className="button quiet" title="The rows and columns that are shown" onClick={() => saveCsv(table(shown, columns, context), `sweep-${id}-runs-shown`)}>
            CSV of {count(shown.length)}
          </button>
          <a className="button quiet" href={`/api/sweeps/${id}/runs.csv`} title="Every run with every column" download>
            CSV of all
          </a>
        </div>
      </div>
      {shown.length === 0 ? <NothingShown filtered={isFiltered(view)} onClear={() => change(UNFILTERED)} /> : (
        <RunGrid {...{ rows, shown, columns, context, view, selection }} onToggleGroup={toggleGroup} />
      )}
      <BatchBar sweep={id} selected={selected} onClear={selection.clear} />
    </>
  );
}

function NothingShown({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered) return <Empty title="No runs here"><p>This sweep has none yet.</p></Empty>;
  return (
    <Empty title="No run is like that">
      <p>None of this sweep’s runs meets every filter now.</p>
      <p>
        <button type="button" className="button" onClick={onClear}>
          Show all runs
        </button>
      </p>
    </Empty>
  );
}

/** Those that are listed, in the order of the table; nothing listed is the usual ones. */
function chosenColumns(listed: string[]): Column[] {
  const ids = listed.length > 0 ? listed : USUAL;
  return COLUMNS.filter(({ id }) => ids.includes(id));
}

function sameAsUsual(ids: string[]): boolean {
  return ids.length === USUAL.length && ids.every((id) => USUAL.includes(id));
}

function table(runs: SweepRun[], columns: Column[], context: Context): Cell[][] {
  const write = ({ written, value }: Column, run: SweepRun) => (written ?? value)(run, context);
  return [columns.map(({ id }) => id), ...runs.map((run) => columns.map((column) => write(column, run)))];
}
