import { Suspense } from "react";
import { Route, Router, Switch, useLocation, useRoute } from "wouter";

import { Gate } from "./access/Gate";
import { useLive } from "./live/useLive";
import { NotFoundPage } from "./pages/NotFoundPage";
import { SweepPage } from "./pages/SweepPage";
import { SweepsPage } from "./pages/SweepsPage";
import { useArrival } from "./shell/arrival";
import { late } from "./shell/arriving";
import { Boundary } from "./shell/Boundary";
import { Header } from "./shell/Header";
import { goAround } from "./shell/leaving";
import { Skeleton } from "./shell/Notice";

const NewSweepPage = late(() => import("./pages/NewSweepPage"));
const RunPage = late(() => import("./pages/RunPage"));
const SettingsPage = late(() => import("./pages/SettingsPage"));
const WorkersPage = late(() => import("./pages/WorkersPage"));

/** One stream for the whole page, to the sweep whose page it is; and each page from its top. */
function Follow() {
  const [, parameters] = useRoute("/sweeps/:id");
  useArrival();
  const id = Number(parameters?.id ?? NaN);
  useLive(Number.isInteger(id) ? id : null);
  return null;
}

export function App() {
  return (
    <Router aroundNav={goAround}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<Skeleton lines={6} />}>
          <Gate>
            <Follow />
            <Pages />
          </Gate>
        </Suspense>
      </main>
    </Router>
  );
}

function Pages() {
  const [path] = useLocation();
  return (
    <Boundary key={path}>
      <Switch>
        <Route path="/" component={SweepsPage} />
        <Route path="/new" component={NewSweepPage} />
        <Route path="/sweeps/:id">{({ id }) => <SweepPage key={id} id={Number(id)} />}</Route>
        <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={Number(id)} />}</Route>
        <Route path="/workers" component={WorkersPage} />
        <Route path="/settings" component={SettingsPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </Boundary>
  );
}
