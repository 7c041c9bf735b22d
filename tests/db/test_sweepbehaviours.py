"""What a sweep's analyses found, arm by arm: planted findings come out, like with like alone."""

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from db import analyses, inquiries, sweepbehaviours
from db.probes import Finding
from db.sweepbehaviours import Place
from domain import runs
from domain.armbehaviours import ArmFigures, KindFigures
from domain.catalogue import find_shipped
from domain.digests import digest
from domain.errors import Invalid, NotFound
from domain.events import Analysed, TrainerEvent
from domain.inquiries import SweepInquiry
from domain.lifecycle import RunStatus
from tests.factories import claim_run, finish, finish_runs, record, submit_sweep, try_claim
from tests.findings import found

SHAPED = "shaped/alpha=0.4"


@pytest.fixture
def sweep(db: Session) -> int:
    """Of two trained arms with two seeds each."""
    number = submit_sweep(db)
    finish_runs(db, lambda _: [4, 4, 4, 4])
    return number


def ask(db: Session, sweep: int, **inquiry: object) -> None:
    analyses.ask(db, sweep, SweepInquiry.model_validate(inquiry), "ada", find_shipped)


def with_digest(gap: float, depends: float) -> list[TrainerEvent]:
    events = found(gap, depends)
    parts = [event.finding for event in events if isinstance(event, Analysed)]
    return [*events, Analysed(finding=digest(parts, ["operators"]))]


def carry_out(db: Session) -> list[int]:
    """What is due: operators have half a nat more in shaped arms, none in others, and the shaped
    arm's traces no longer depend on their prompts."""
    done = []
    while claim := try_claim(db):
        shaped = claim.spec.method.method == "entropy_shaped"
        record(db, claim, with_digest(*((0.5, 0.1) if shaped else (0.0, 6.0))))
        finish(db, claim)
        done.append(claim.run_id)
    return done


def operators(arm: ArmFigures) -> KindFigures:
    return next(kind for kind in arm.kinds if kind.name == "operators")


def test_what_is_asked_again_after_an_upgrade_takes_the_place_of_what_was_told(
    db: Session, sweep: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(db, sweep)
    carry_out(db)
    monkeypatch.setattr(runs, "ANALYSIS_VERSION", runs.ANALYSIS_VERSION + 1)
    ask(db, sweep)
    numbers = carry_out(db)
    told = sweepbehaviours.read_sweep(db, sweep, None)
    assert [number for arm in told.arms for number in arm.run_ids] == numbers
    assert [inquiry.analyses for inquiry in told.inquiries] == [{RunStatus.SUCCEEDED: 5}]


def test_every_arm_is_told_over_its_seeds_after_the_untrained_model(
    db: Session, sweep: int
) -> None:
    ask(db, sweep)
    numbers = carry_out(db)
    told = sweepbehaviours.read_sweep(db, sweep, None)
    assert [(arm.arm, arm.step, arm.seeds) for arm in told.arms] == [
        ("untrained", 0, ()),
        ("grpo", 10, (0, 1)),
        (SHAPED, 10, (0, 1)),
    ]
    assert [number for arm in told.arms for number in arm.run_ids] == numbers
    gaps = [operators(arm).gap for arm in told.arms]
    assert [gap.value for gap in gaps] == [pytest.approx(gap, abs=0.05) for gap in (0, 0, 0.5)]
    assert gaps[2].low is not None
    assert gaps[2].low > 0.3
    assert [inquiry.analyses for inquiry in told.inquiries] == [{RunStatus.SUCCEEDED: 5}]


def test_runs_are_told_by_regime(db: Session, sweep: int) -> None:
    ask(db, sweep)
    carry_out(db)
    told = sweepbehaviours.read_sweep(db, sweep, None).collapses
    assert [(one.arm, one.seed, one.regime) for one in told] == [
        ("untrained", None, "diverse"),
        ("grpo", 0, "diverse"),
        ("grpo", 1, "diverse"),
        (SHAPED, 0, "template collapse"),
        (SHAPED, 1, "template collapse"),
    ]
    assert told[1].subject_id is not None


def test_where_every_trace_tells_its_prompt_it_is_said_that_runs_cannot_be_told_apart(
    db: Session, sweep: int
) -> None:
    ask(db, sweep, arms=["grpo"])
    carry_out(db)
    assert "at its ceiling" in " ".join(sweepbehaviours.read_sweep(db, sweep, None).remarks)
    ask(db, sweep)
    carry_out(db)
    assert "ceiling" not in " ".join(sweepbehaviours.read_sweep(db, sweep, None).remarks)


def test_only_what_was_looked_at_alike_is_told_together(db: Session, sweep: int) -> None:
    ask(db, sweep)
    carry_out(db)
    ask(db, sweep, arms=["grpo"], probe={"problems": 12})
    told = sweepbehaviours.read_sweep(db, sweep, None)
    newest, older = told.inquiries
    assert (newest.analyses, older.analyses) == (
        {RunStatus.QUEUED: 3},
        {RunStatus.SUCCEEDED: 5},
    )
    assert told.inquiry == older.key, "the one that has found anything"
    assert sweepbehaviours.read_sweep(db, sweep, newest.key).arms == []
    carry_out(db)
    told = sweepbehaviours.read_sweep(db, sweep, None)
    assert told.inquiry == newest.key
    assert [arm.arm for arm in told.arms] == ["untrained", "grpo"]
    with pytest.raises(Invalid, match="it has: "):
        sweepbehaviours.read_sweep(db, sweep, "0" * 12)


def test_what_is_under_way_is_counted_and_not_told(db: Session, sweep: int) -> None:
    ask(db, sweep, steps=[0])
    before = inquiries.fingerprint(db, sweep)
    claim = claim_run(db)
    record(db, claim, with_digest(0.5, 6.0))
    assert inquiries.fingerprint(db, sweep) != before
    told = sweepbehaviours.read_sweep(db, sweep, None)
    assert (told.arms, told.collapses) == ([], [])
    assert told.inquiries[0].analyses == {RunStatus.RUNNING: 1}


def test_an_analysis_without_a_digest_is_read_from_its_tallies(db: Session, sweep: int) -> None:
    ask(db, sweep)
    carry_out(db)
    before = sweepbehaviours.read_sweep(db, sweep, None).arms
    db.execute(delete(Finding).where(Finding.part == "digest"))
    assert sweepbehaviours.read_sweep(db, sweep, None).arms == before


def test_arms_are_set_against_the_baseline_or_another(db: Session, sweep: int) -> None:
    ask(db, sweep)
    carry_out(db)
    told = sweepbehaviours.read_differences(db, sweep, Place(), None)
    assert (told.baseline, told.missing) == ("grpo", None)
    shaped = [one for one in told.differences if (one.arm, one.name) == (SHAPED, "operators")]
    (gap,) = [one for one in shaped if one.measure == "gap"]
    assert gap.delta.value == pytest.approx(0.5, abs=0.05)
    assert gap.adjusted_p is not None
    assert gap.adjusted_p < 0.05
    other = sweepbehaviours.read_differences(db, sweep, Place(), "untrained")
    assert {one.arm for one in other.differences} == {"grpo", SHAPED}
    assert sweepbehaviours.read_differences(db, sweep, Place(), "base") == other
    with pytest.raises(Invalid, match="'x' is not one arm of this sweep"):
        sweepbehaviours.read_differences(db, sweep, Place(), "x")


def test_an_arm_of_the_base_model_is_the_untrained_model(db: Session) -> None:
    sweep = submit_sweep(db, baseline="base")
    ask(db, sweep, steps=[0])
    finish_runs(db, lambda _: [4, 4, 4, 4])
    assert sweepbehaviours.read_sweep(db, sweep, None).baseline == "untrained"
    told = sweepbehaviours.read_differences(db, sweep, Place(), None)
    assert told.missing == "the untrained model has no finished analysis"


def test_where_the_baseline_was_not_looked_at_that_is_said(db: Session, sweep: int) -> None:
    ask(db, sweep, arms=["shaped"])
    carry_out(db)
    told = sweepbehaviours.read_differences(db, sweep, Place(), None)
    assert (told.differences, told.missing) == ([], "grpo has no finished analysis")
    told = sweepbehaviours.read_differences(db, sweep, Place(step=10), None)
    assert told.missing == "grpo has no finished analysis after step 10"


def test_one_arm_is_opened_to_its_views(db: Session, sweep: int) -> None:
    ask(db, sweep)
    carry_out(db)
    told = sweepbehaviours.read_gaps(db, sweep, SHAPED, Place())
    assert (told.step, told.seeds, told.over) == (10, (0, 1), "seeds and problems")
    own = next(kind for kind in told.kinds if kind.name == "operators")
    assert [gap.view for gap in own.gaps] == ["all", "position", "problem", "both", "word starts"]
    assert all(gap.delta.value == pytest.approx(0.5, abs=0.05) for gap in own.gaps)
    with pytest.raises(NotFound, match="grpo has no finished analysis after step 5"):
        sweepbehaviours.read_gaps(db, sweep, "grpo", Place(step=5))


def test_a_sweep_without_analyses_has_none(db: Session, sweep: int) -> None:
    told = sweepbehaviours.read_sweep(db, sweep, None)
    assert (told.inquiries, told.inquiry, told.arms, told.remarks) == ([], None, [], [])
    assert sweepbehaviours.read_differences(db, sweep, Place(), None).missing is not None
    with pytest.raises(NotFound):
        sweepbehaviours.read_sweep(db, 99, None)
