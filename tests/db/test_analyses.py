"""Analyses of a sweep's runs: asked for, queued and steered like runs, and never taken for arms."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from db import analyses, behaviours, comparisons, listings, progress, queues, runs, steering, sweeps
from db.attempts import Claim
from db.models import ArmRun, Run
from domain.catalogue import find_shipped
from domain.errors import Conflict, Invalid, NotFound
from domain.events import Kept
from domain.inquiries import RunInquiry, SweepInquiry
from domain.lifecycle import FailureClass, RunStatus
from tests.factories import claim_run, enlist, finish, finish_runs, record, submit_sweep, try_claim
from tests.findings import found


def half(claim: Claim) -> Sequence[int]:
    return [4, 4, 4, 4]


def trained(db: Session) -> int:
    """A sweep whose five runs have succeeded."""
    sweep = submit_sweep(db)
    finish_runs(db, half)
    return sweep


def ask(db: Session, sweep: int, **inquiry: object) -> analyses.AnalysisList:
    wanted = SweepInquiry.model_validate(inquiry)
    return analyses.ask(db, sweep, wanted, "ada", find_shipped)


def run_of(db: Session, sweep: int, arm: str, seed: int = 0) -> int:
    return next(
        row.id for row in listings.sweep_runs(db, sweep) if (row.arm, row.seed) == (arm, seed)
    )


def test_by_default_every_trained_run_is_looked_at_after_its_last_step_and_the_untrained_model(
    db: Session,
) -> None:
    listed = ask(db, trained(db)).analyses
    assert [(one.arm, one.seed, one.step) for one in listed] == [
        ("untrained", None, 0),
        ("grpo", 0, 10),
        ("grpo", 1, 10),
        ("shaped/alpha=0.4", 0, 10),
        ("shaped/alpha=0.4", 1, 10),
    ]
    assert {one.status for one in listed} == {RunStatus.QUEUED}
    assert {(one.lexicon, one.requested_by) for one in listed} == {("countdown-1", "ada")}


def test_arms_seeds_and_steps_can_be_chosen(db: Session) -> None:
    listed = ask(db, trained(db), arms=["shaped"], seeds=[1], untrained=False).analyses
    assert [(one.arm, one.seed, one.step) for one in listed] == [("shaped/alpha=0.4", 1, 10)]


def test_the_same_question_is_one_run_whoever_asks(db: Session) -> None:
    first, second = trained(db), trained(db)
    before = [one.run_id for one in ask(db, first).analyses]
    assert [one.run_id for one in ask(db, second).analyses] == before
    assert analyses.preview(db, first, SweepInquiry(), find_shipped).new == 0


def test_weights_that_were_kept_can_be_looked_at_and_no_others(db: Session) -> None:
    sweep = submit_sweep(db, seeds=[0])
    while claim := try_claim(db):
        if claim.spec.train:
            record(db, claim, [Kept(step=4)])
        finish(db, claim)
    listed = ask(db, sweep, arms=["grpo"], steps=[4, 10], untrained=False).analyses
    assert [one.step for one in listed] == [4, 10]
    with pytest.raises(Invalid, match="has no weights of step 5; it has: 4, 10") as raised:
        ask(db, sweep, arms=["grpo"], steps=[10, 5])
    assert raised.value.errors[0].field == "steps[1]"
    everything = ask(db, sweep, arms=["grpo"], steps="all", untrained=False)
    assert [one.step for one in everything.analyses] == [4, 10]
    assert [one.steps for one in everything.subjects] == [(4, 10), (4, 10)]


def test_an_arm_that_the_sweep_does_not_have_is_named_with_those_it_has(db: Session) -> None:
    with pytest.raises(Invalid, match=r"'graph' is none of .* base, grpo, shaped, shaped/"):
        ask(db, trained(db), arms=["graph"])


def test_before_any_run_has_succeeded_there_is_nothing_to_look_at_but_the_untrained_model(
    db: Session,
) -> None:
    sweep = submit_sweep(db)
    with pytest.raises(Conflict, match="wait until one has succeeded"):
        ask(db, sweep)
    assert [one.step for one in ask(db, sweep, steps=[0]).analyses] == [0]


def test_a_worker_claims_an_analysis_with_the_run_it_looks_at(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep, arms=["grpo"], seeds=[1], untrained=False)
    claim = claim_run(db)
    assert claim.spec.analysis is not None
    assert claim.spec.analysis.step == 10
    assert claim.spec.subject.seed == 1
    assert claim.spec.analysis.probe.max_completion_tokens == 20


def test_analyses_are_no_arms(db: Session) -> None:
    sweep = trained(db)
    before = (
        sweeps.summarise(db, sweep, 60),
        listings.sweep_runs(db, sweep),
        progress.read_progress(db, [sweep], 60),
        comparisons.fingerprint(db, sweep),
        comparisons.compare_sweep(db, sweep, None),
    )
    ask(db, sweep)
    assert before == (
        sweeps.summarise(db, sweep, 60),
        listings.sweep_runs(db, sweep),
        progress.read_progress(db, [sweep], 60),
        comparisons.fingerprint(db, sweep),
        comparisons.compare_sweep(db, sweep, None),
    )
    assert db.scalar(select(func.count()).select_from(ArmRun)) == 5


def test_the_queue_and_the_list_of_runs_say_what_is_analysed(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep, arms=["shaped"], seeds=[0])
    queued = queues.list_queue(db, 10, 0, 60).runs
    assert {(one.sweep_id, one.arm, one.analysed_step) for one in queued} == {
        (sweep, "untrained", 0),
        (sweep, "shaped/alpha=0.4", 10),
    }
    listed = listings.list_runs(db, RunStatus.QUEUED, None, 10, 0)
    assert listed.total == 2
    assert {(one.arm, one.analysed_step) for one in listed.runs} == {
        ("untrained", 0),
        ("shaped/alpha=0.4", 10),
    }
    assert listings.list_runs(db, None, sweep, 10, 0).total == 5


def test_pausing_and_cancelling_a_sweep_holds_and_stops_its_analyses(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep)
    steering.pause(db, sweep, "ada")
    assert try_claim(db) is None
    steering.resume(db, sweep, "ada")
    claim_run(db)
    assert steering.cancel(db, sweep, "ada", include_shared=False) == 5
    statuses = {one.status for one in analyses.list_analyses(db, sweep).analyses}
    assert statuses == {RunStatus.CANCELLING, RunStatus.CANCELLED}


def test_the_limit_of_a_sweep_counts_its_analyses(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep)
    steering.limit(db, sweep, 1, "ada")
    claim_run(db)
    assert try_claim(db, "worker-2") is None


def test_an_analysis_that_another_sweep_wants_too_goes_on_when_one_is_cancelled(
    db: Session,
) -> None:
    first, second = trained(db), trained(db)
    ask(db, first)
    ask(db, second)
    with pytest.raises(Conflict, match="share all 5 unfinished runs"):
        steering.cancel(db, first, "ada", include_shared=False)


def test_asking_a_drained_sweep_for_an_analysis_starts_it(db: Session) -> None:
    sweep = submit_sweep(db)
    finish_runs(db, half, most=3)
    steering.drain(db, sweep, "ada")
    ask(db, sweep, steps=[0])
    assert claim_run(db).spec.analysis is not None


def test_an_archived_sweep_is_not_analysed(db: Session) -> None:
    sweep = trained(db)
    steering.archive(db, sweep, "ada")
    with pytest.raises(Conflict, match="archived; unarchive it first"):
        ask(db, sweep)


def test_only_the_runs_that_are_asked_about_are_read(db: Session) -> None:
    sweep = trained(db)
    other = run_of(db, sweep, "shaped/alpha=0.4")
    db.execute(text("ALTER TABLE runs DISABLE TRIGGER guard_run"))  # rolled back with the test
    db.execute(update(Run).where(Run.id == other).values(spec={}))
    listed = ask(db, sweep, arms=["grpo"], seeds=[0], untrained=False).analyses
    assert [(one.arm, one.seed) for one in listed] == [("grpo", 0)]


def test_one_that_failed_is_made_again_when_it_is_asked_for_again(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep, steps=[0])
    finish(db, claim_run(db), FailureClass.BAD_DATA)
    (one,) = analyses.list_analyses(db, sweep).analyses
    assert (one.status, one.failure) == (RunStatus.FAILED, FailureClass.BAD_DATA)
    assert ask(db, sweep, steps=[0]).analyses[0].status == RunStatus.QUEUED


def test_one_run_can_be_looked_at_by_itself(db: Session) -> None:
    sweep = trained(db)
    run_id = run_of(db, sweep, "grpo", 1)
    listed = analyses.ask_of_run(db, run_id, RunInquiry(), "ada", find_shipped)
    assert [(one.arm, one.subject_id) for one in listed.analyses] == [
        ("untrained", None),
        ("grpo", run_id),
    ]
    with pytest.raises(Conflict, match="is an analysis itself"):
        analyses.list_of_run(db, listed.analyses[1].run_id)
    with pytest.raises(NotFound):
        analyses.list_of_run(db, 10_000)


def carry_out(db: Session, gap: float, depends: float) -> int:
    claim = claim_run(db)
    record(db, claim, found(gap, depends))
    finish(db, claim)
    return claim.run_id


def test_figures_follow_from_what_was_found(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep, arms=["grpo"], seeds=[0])
    untrained, looked_at = carry_out(db, 0.5, 6.0), carry_out(db, 0.0, 0.1)
    assert behaviours.read_run(db, looked_at).regime == "template collapse"
    first = behaviours.read_run(db, untrained).behaviour
    assert first is not None
    operators = first.pivotal[1].gaps[0]
    assert operators.delta.value == pytest.approx(0.5, abs=0.05)
    assert operators.p is not None
    assert operators.p < 0.01
    assert first.rare is not None


def test_without_the_untrained_model_there_is_no_regime(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep, arms=["grpo"], seeds=[0], untrained=False)
    assert behaviours.read_run(db, carry_out(db, 0.5, 6.0)).regime is None


def test_an_analysis_that_has_begun_shows_what_it_has(db: Session) -> None:
    sweep = trained(db)
    ask(db, sweep, steps=[0])
    claim = claim_run(db)
    assert behaviours.read_run(db, claim.run_id).behaviour is None
    before = behaviours.fingerprint_of(db, claim.run_id)
    record(db, claim, found()[:6])
    begun = behaviours.read_run(db, claim.run_id).behaviour
    assert begun is not None
    assert (begun.problems, begun.rare, begun.collapse) == (6, None, None)
    assert behaviours.fingerprint_of(db, claim.run_id) != before


def test_what_is_no_analysis_has_no_behaviour(db: Session) -> None:
    sweep = trained(db)
    run_id = run_of(db, sweep, "grpo")
    with pytest.raises(NotFound, match="is no analysis"):
        behaviours.read_run(db, run_id)


def test_an_analysis_needs_one_device_whatever_its_run_took(db: Session) -> None:
    enlist(db, "worker-1", devices=2)
    sweep = submit_sweep(db, train={"steps": 10, "devices": 2})
    finish_runs(db, half)
    ask(db, sweep)
    queued = select(Run.devices).where(Run.status == RunStatus.QUEUED)
    assert set(db.scalars(queued)) == {1}
    assert runs.find(db, run_of(db, sweep, "grpo")).devices == 2
