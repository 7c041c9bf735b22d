import { useState } from "react";
import { Link, useSearchParams } from "wouter";

import { useCatalogue, useSweep } from "../api/queries";
import { writeSpec } from "../editor/document";
import { Editor } from "../editor/Editor";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useTitle } from "../shell/title";
import { NotFoundPage } from "./NotFoundPage";

/** Loads what the editor starts from: the sweep named by `?from=`, else the first example. */
export default function NewSweepPage() {
  const [parameters] = useSearchParams();
  const from = parameters.get("from");
  useTitle("New sweep");
  if (from && !Number.isInteger(Number(from))) return <NotFoundPage />;
  return (
    <>
      <div className="page-head">
        <h1>New sweep</h1>
        <p className="muted">The form and the YAML are the same sweep: edit either.</p>
      </div>
      {from ? <FromSweep key={from} id={Number(from)} /> : <FromExample />}
    </>
  );
}

function FromExample() {
  const catalogue = useCatalogue();
  if (catalogue.error) return <ProblemNotice title="The examples could not be loaded" error={catalogue.error} />;
  if (!catalogue.data) return <Skeleton lines={8} />;
  const [first] = catalogue.data.examples;
  return <Editor origin="example" start={first?.yaml ?? "name: my sweep\n"} examples={catalogue.data.examples} />;
}

function FromSweep({ id }: { id: number }) {
  const sweep = useSweep(id);
  const [start, setStart] = useState<string | null>(null);
  if (start === null && sweep.data) setStart(writeSpec({ ...sweep.data.spec, name: `${sweep.data.name} (copy)` }));
  if (start !== null) {
    return (
      <>
        <p className="small muted">
          A copy of <Link href={`/sweeps/${id}`}>{sweep.data?.name ?? `sweep ${id}`}</Link>. Runs that are the same in both are shared, not repeated.
        </p>
        <Editor origin={`sweep ${id}`} start={start} examples={[]} />
      </>
    );
  }
  if (sweep.error) return <ProblemNotice title="The sweep to clone could not be loaded" error={sweep.error} />;
  return <Skeleton lines={8} />;
}
