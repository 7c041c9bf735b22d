import { Link, useLocation, useSearchParams } from "wouter";

import { useSweeps } from "../api/queries";
import type { SweepSort } from "../api/types";
import { LiveMark } from "../shell/LiveMark";
import { Empty, ProblemNotice, Skeleton } from "../shell/Notice";
import { useSettled } from "../shell/settled";
import { useTitle } from "../shell/title";
import { Pages } from "../sweeps/Pages";
import { SweepTable } from "../sweeps/SweepTable";
import { type ListView, nextSort, PAGE, readView, writeView } from "../sweeps/view";
import { count } from "../text/numbers";

const ORDERS: { sort: SweepSort; words: string }[] = [
  { sort: "-created", words: "newest first" },
  { sort: "created", words: "oldest first" },
  { sort: "name", words: "by name" },
  { sort: "owner", words: "by owner" },
  { sort: "done", words: "least done first" },
  { sort: "-arms", words: "most arms first" },
];

export function SweepsPage() {
  const [parameters] = useSearchParams();
  const [, navigate] = useLocation();
  const view = readView(parameters);
  const { archived, sort, page } = view;
  const search = useSettled(view.search);
  const sweeps = useSweeps({ search, archived, sort, limit: PAGE, offset: (page - 1) * PAGE });
  useTitle("Sweeps");

  const show = (change: Partial<ListView>) => navigate(`/${writeView({ ...view, page: 1, ...change })}`, { replace: true });

  return (
    <>
      <div className="page-head">
        <div className="page-title">
          <h1>Sweeps</h1>
          {sweeps.data && <span className="small muted">{count(sweeps.data.total)}</span>}
          <LiveMark query={sweeps} />
        </div>
        <Filters view={view} onShow={show} />
      </div>
      {sweeps.error && !sweeps.data && <ProblemNotice title="The sweeps could not be loaded" error={sweeps.error} />}
      {!sweeps.data && !sweeps.error && <Skeleton lines={5} height="2.5rem" />}
      {sweeps.data?.sweeps.length === 0 && <Nothing view={{ ...view, search }} />}
      {sweeps.data && sweeps.data.sweeps.length > 0 && (
        <>
          <SweepTable
            sweeps={sweeps.data.sweeps}
            sort={sort}
            caption={archived ? "Archived sweeps" : "Sweeps"}
            onSort={(column) => show({ sort: nextSort(column, sort) })}
            onClone={(id) => navigate(`/new?from=${id}`)}
          />
          <Pages page={page} size={PAGE} total={sweeps.data.total} to={(wanted) => `/${writeView({ ...view, page: wanted })}`} />
        </>
      )}
    </>
  );
}

function Filters({ view, onShow }: { view: ListView; onShow: (change: Partial<ListView>) => void }) {
  return (
    <div className="list-filters">
      <label className="check">
        <input type="checkbox" checked={view.archived} onChange={(event) => onShow({ archived: event.target.checked })} />
        Archived
      </label>
      <select
        className="sort-choice"
        aria-label="Order of the list"
        value={ORDERS.some(({ sort }) => sort === view.sort) ? view.sort : ""}
        onChange={(event) => onShow({ sort: event.target.value as SweepSort })}
      >
        {!ORDERS.some(({ sort }) => sort === view.sort) && <option value="">as in the address</option>}
        {ORDERS.map(({ sort, words }) => (
          <option key={sort} value={sort}>
            {words}
          </option>
        ))}
      </select>
      <input
        type="search"
        className="search"
        placeholder="Name, owner, model, task"
        aria-label="Search sweeps by name, owner, model or task"
        value={view.search}
        onChange={(event) => onShow({ search: event.target.value })}
      />
    </div>
  );
}

/** An empty list, by what it is a list of. */
function Nothing({ view }: { view: ListView }) {
  if (view.page > 1) {
    return (
      <Empty title="The list ends before this page">
        <p>
          <Link href={`/${writeView({ ...view, page: 1 })}`}>Show its first page</Link>
        </p>
      </Empty>
    );
  }
  if (view.search) {
    return (
      <Empty title="No sweep matches">
        <p>
          No name, owner, model or task{view.archived ? " of an archived sweep" : ""} contains “{view.search}”. <Link href="/">Show all sweeps</Link>
        </p>
      </Empty>
    );
  }
  return view.archived ? <NothingArchived /> : <FirstSweep />;
}

function FirstSweep() {
  return (
    <Empty title="No sweeps yet">
      <p>
        A sweep asks one question: a model, a task, and the arms to compare over a few seeds. Start from an example; a preview
        shows its runs before anything is queued.
      </p>
      <p>
        <Link href="/new" className="button primary">
          New sweep
        </Link>
      </p>
    </Empty>
  );
}

function NothingArchived() {
  return (
    <Empty title="Nothing is archived">
      <p>
        A finished sweep can be archived, here or on its page; nothing of it is deleted. <Link href="/">Show the others</Link>
      </p>
    </Empty>
  );
}
