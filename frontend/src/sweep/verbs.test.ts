import { describe, expect, it } from "vitest";

import type { RunStatus, SweepSummary } from "../api/types";
import { runVerbs, sweepButtons, sweepMenu, type SweepVerb } from "./verbs";

const IDLE = { total: 4, queued: 0, running: 0, cancelling: 0, succeeded: 4, failed: 0, cancelled: 0, eta_seconds: 0, device_seconds: 9 };

function sweep(changes: object, progress: object = {}): SweepSummary {
  const plain = { paused_at: null, drained_at: null, archived_at: null, confirms: null, priority: 0, max_running: null };
  return { ...plain, ...changes, progress: { ...IDLE, ...progress } } as unknown as SweepSummary;
}

/** The verbs that can be done now. */
function possible(one: SweepSummary): SweepVerb[] {
  return [...sweepButtons(one), ...sweepMenu(one)].filter(({ whyNot }) => !whyNot).map(({ id }) => id);
}

describe("a sweep", () => {
  it.each<[string, SweepSummary, SweepVerb[]]>([
    ["that runs", sweep({}, { queued: 2, running: 1 }), ["pause", "extend", "cancel", "clone", "drain", "priority", "limit"]],
    ["that is paused", sweep({ paused_at: "now" }, { queued: 2 }), ["resume", "extend", "cancel", "clone", "drain", "priority", "limit"]],
    ["that was drained", sweep({ drained_at: "now" }, { running: 1, cancelled: 1 }), ["pause", "retry", "extend", "cancel", "clone", "priority", "limit"]],
    ["that is finished", sweep({}), ["extend", "clone", "priority", "limit", "archive"]],
    ["that has failed runs", sweep({}, { failed: 1 }), ["retry", "extend", "clone", "priority", "limit", "archive"]],
    ["that is archived", sweep({ archived_at: "now" }, { failed: 1 }), ["clone", "unarchive"]],
    ["that confirms an arm", sweep({ confirms: {} }), ["clone", "priority", "limit", "archive"]],
    ["whose last runs are being cancelled", sweep({}, { cancelling: 1 }), ["extend", "clone", "priority", "limit"]],
  ])("%s can be steered so", (_, one, verbs) => {
    expect(possible(one)).toEqual(verbs);
  });
});

describe("a run", () => {
  it.each<[RunStatus, string[]]>([
    ["queued", ["restart", "first", "last", "cancel"]],
    ["running", ["cancel"]],
    ["cancelling", []],
    ["succeeded", []],
    ["failed", ["retry", "restart"]],
    ["cancelled", ["retry", "restart"]],
  ])("that is %s can be steered so", (status, verbs) => {
    const able = runVerbs({ status, others: 0 }).filter(({ whyNot }) => !whyNot);
    expect(able.map(({ id }) => id)).toEqual(verbs);
  });

  it("says for how many sweeps it is stopped", () => {
    expect(runVerbs({ status: "queued", others: 2 }).at(-1)?.meaning).toBe("Stops it, also for 2 other sweeps.");
  });
});
