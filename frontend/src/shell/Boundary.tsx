import { Component, type ReactNode } from "react";

import { NotArrived } from "./arriving";
import { Notice, ProblemNotice } from "./Notice";

/** Holds what breaks of a part of the page to that part. Give it the part's place as `key`, so that another place begins anew. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children;
  }
}

/** In place of a part of the page that is missing or broken, with what helps. */
export function Broken({ error }: { error: Error }) {
  if (!(error instanceof NotArrived)) return <ProblemNotice title="This part of the page broke" error={error} />;
  return (
    <Notice tone="danger" title="This part of the page could not be loaded">
      <p>Forkpoint was upgraded since the page was loaded, or its server does not answer.</p>
      <button type="button" className="button" onClick={() => window.location.reload()}>
        Load the page anew
      </button>
    </Notice>
  );
}
