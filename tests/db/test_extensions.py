"""Extensions and clones: what they queue, what they share, and where they are refused."""

from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from db import clones, extensions, members, runs, steering, sweeps
from db.locks import STEERING_LOCK, lock_steering
from db.models import Run
from db.sessions import transaction
from domain.catalogue import Cards, find_shipped
from domain.errors import Conflict, Invalid
from domain.extensions import ExtensionRequest
from domain.runs import TaskSettings
from domain.steering import CloneRequest
from tests.db.submitted import done, run_ids, states, submit
from tests.factories import claim_run, finish_runs, submit_sweep

ALIVE = 60.0


def extended(db: Session, sweep_id: int, **more: Any) -> extensions.ExtensionPreview:
    return extensions.extend(db, sweep_id, ExtensionRequest.model_validate(more), "ann")


def test_an_extension_queues_only_what_is_missing(db: Session) -> None:
    sweep = submit_sweep(db)
    finish_runs(db, lambda _: [1, 2, 3, 4])
    found = extended(db, sweep, seeds=[1, 2], values={"shaped": {"alpha": [0.4, 0.8]}})
    assert (found.added_arms, found.added_seeds) == (["shaped/alpha=0.8"], [2])
    assert found.runs == 5, "grpo and alpha 0.4 at seed 2, alpha 0.8 at 0, 1 and 2"
    detail = sweeps.find(db, sweep, ALIVE)
    assert (detail.progress.succeeded, detail.progress.queued) == (5, 5)
    assert detail.spec["seeds"] == [0, 1, 2]
    assert detail.baseline == "grpo"


def test_an_extension_by_what_is_there_changes_nothing_and_says_so(db: Session) -> None:
    sweep = submit_sweep(db)
    more: dict[str, Any] = {
        "seeds": [0],
        "arms": [{"name": "shaped", "method": "entropy_shaped", "alpha": 0.4}],
    }
    before = sweeps.require_sweep(db, sweep).spec
    found = extended(db, sweep, **more)
    assert found.note == f"sweep {sweep} has all of this already: nothing was added"
    assert (sweeps.require_sweep(db, sweep).spec, done(db, sweep)) == (before, ["submit"])


def test_an_extended_sweep_is_still_the_one_that_its_key_made(db: Session) -> None:
    sweep = submit_sweep(db, key="once")
    extended(db, sweep, seeds=[7])
    assert submit_sweep(db, key="once") == sweep
    with pytest.raises(Conflict, match="from another body"):
        submit_sweep(db, key="once", seeds=[0, 1, 7])


def test_a_preview_waits_for_nobody_who_steers(emptied: Engine) -> None:
    with transaction(emptied) as db:
        sweep = submit(db, [0])
    with transaction(emptied) as steered, transaction(emptied) as db:
        lock_steering(steered)
        db.execute(text("SET LOCAL lock_timeout = '500ms'"))
        request = ExtensionRequest.model_validate({"seeds": [1]})
        assert extensions.preview(db, sweep, request).runs == 1
    with transaction(emptied) as db:
        runs.cancel_all(db, run_ids(db, sweep), "ann", "")
        steering.archive(db, sweep, "ann")
        with pytest.raises(Conflict, match="archived; unarchive it first"):
            extensions.preview(db, sweep, request)


def test_nobody_who_steers_waits_while_an_extension_is_expanded(emptied: Engine) -> None:
    free: list[bool] = []

    def look_while_expanding(model: str, task: str, settings: TaskSettings) -> Cards:
        with transaction(emptied) as other:
            taken = select(func.pg_try_advisory_xact_lock(STEERING_LOCK))
            free.append(other.scalars(taken).one())
        return find_shipped(model, task, settings)

    with transaction(emptied) as db:
        sweep = submit(db, [0])
    with transaction(emptied) as db:
        request = ExtensionRequest(seeds=[1])
        assert extensions.extend(db, sweep, request, "ann", find=look_while_expanding).runs == 1
    assert free
    assert all(free)


def test_an_extension_leaves_cancelled_cells_as_they_are(db: Session) -> None:
    sweep = submit(db, [0])
    steering.cancel(db, sweep, "ann", include_shared=False)
    extended(db, sweep, seeds=[1])
    assert states(db, sweep) == ["cancelled", "queued"]
    assert claim_run(db).run_id == run_ids(db, sweep)[1]


def test_cells_of_another_version_are_not_mixed(db: Session) -> None:
    sweep = submit(db, [0])
    runs.find(db, run_ids(db, sweep)[0]).content_hash = "of another recipe"
    db.flush()
    with pytest.raises(Conflict, match="clone it instead"):
        extended(db, sweep, seeds=[1])


def test_a_refused_extension_names_the_field(db: Session) -> None:
    sweep = submit_sweep(db)
    with pytest.raises(Invalid, match=r"values.shaped.kappa: shaped does not write kappa"):
        extended(db, sweep, values={"shaped": {"kappa": [4]}})
    with pytest.raises(Invalid, match=r"values.none: no template of this sweep"):
        extended(db, sweep, values={"none": {"alpha": [4]}})


def test_a_clone_shares_every_run(db: Session) -> None:
    sweep = submit_sweep(db)
    copy = clones.clone(db, sweep, CloneRequest(), "ann", "for the talk")
    assert db.scalar(select(func.count()).select_from(Run)) == 5
    assert sweeps.find(db, copy, ALIVE).name == "does shaping help (copy)"
    found = members.list_runs(db, copy)
    assert [one.name for one in found.sweeps] == ["does shaping help"]
    assert {tuple(run.shared_with) for run in found.runs} == {(sweep,)}
    assert done(db, sweep) == ["submit", "clone"]
