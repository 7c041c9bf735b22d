"""An evaluation that was cut short goes on with the problems that are missing, and no others."""

import fcntl
import shutil
import signal
from pathlib import Path

import pytest

import domain.runs
from domain.events import EVENTS, Event, Graded
from domain.runs import RunSpec
from tests.trainer.conftest import make_spec
from tests.trainer.servers import Server, begin, closes, read_until
from trainer import runs
from trainer.failures import Drained

PROBLEMS = 6
# So many samples that two problems fill a batch: some are graded before others are sampled.
LONG = {"problems": PROBLEMS, "samples": 1024}
BASE = {"method": "base"}


def place_of(folder: Path, **changes: object) -> runs.Place:
    settings = {"checkpoints": folder / "checkpoints", "checkpoint_seconds": 0.0} | changes
    return runs.Place(folder, **settings)  # type: ignore[arg-type]


def grades(events: list[Event], step: int) -> list[Graded]:
    return [event for event in events if isinstance(event, Graded) and event.step == step]


def run(spec: RunSpec, place: runs.Place, stop_after: int | None = None) -> list[Event]:
    """Every event; asked to stop when `stop_after` grades were given."""
    said: list[Event] = []

    def asked_to_stop() -> bool:
        given = sum(isinstance(event, Graded) for event in said)
        return stop_after is not None and given >= stop_after

    try:
        runs.run(spec, place, said.append, asked_to_stop)
    except Drained:
        assert stop_after
    return said


def by_problem(graded: list[Graded]) -> list[Graded]:
    return sorted(graded, key=lambda grade: grade.problem)


def journal_of(place: runs.Place) -> Path:
    assert place.checkpoints
    (path,) = place.checkpoints.glob("grades-*")
    return path


def falsify(journal: Path) -> Graded:
    """Its first grade, as no evaluation would ever give it."""
    first, *others = journal.read_text().splitlines(keepends=True)
    graded = Graded.model_validate_json(first)
    false = graded.model_copy(update={"c": graded.n, "truncated": graded.n})
    journal.write_text("".join([false.model_dump_json() + "\n", *others]))
    return false


@pytest.mark.parametrize(
    ("method", "every", "step"),
    [(BASE, None, 0), ({"method": "grpo"}, 1, 1), ({"method": "grpo"}, None, 2)],
    ids=["of the base model", "in between", "at the end"],
)
def test_a_killed_evaluation_samples_only_the_problems_that_are_missing(
    server: Server, tmp_path: Path, method: dict[str, object], every: int | None, step: int
) -> None:
    spec, place = make_spec(method, evaluation=LONG | {"every": every}), place_of(tmp_path)
    process, ended = begin(server, spec, place)
    read_until(process, "graded", 1)
    process.send_signal(signal.SIGKILL)
    assert process.stdout
    process.stdout.close()
    process.wait(60)
    assert closes(ended, 60)
    kept = journal_of(place).read_bytes()
    assert 0 < kept.count(b"\n") < PROBLEMS
    again = grades(run(spec, place, stop_after=PROBLEMS), step)
    assert [grade.problem for grade in by_problem(again)] == list(range(PROBLEMS))
    assert by_problem(again) == grades(run(spec, runs.Place(tmp_path), PROBLEMS), step)
    (journal,) = (tmp_path / "checkpoints").glob(f"grades-{step}-*")
    whole = journal.read_bytes()
    assert whole.startswith(kept)
    assert [EVENTS.validate_json(line) for line in whole.splitlines()] == again


def test_what_was_graded_is_said_again_as_it_was(tmp_path: Path) -> None:
    spec, place = make_spec(BASE), place_of(tmp_path)
    run(spec, place, stop_after=2)
    false = falsify(journal_of(place))
    first, *others = grades(run(spec, place), 0)
    assert first == false
    assert others == grades(run(spec, runs.Place(tmp_path)), 0)[1:]


def test_a_whole_journal_is_said_again_and_nothing_is_sampled(tmp_path: Path) -> None:
    spec, place = make_spec(), place_of(tmp_path)
    first = grades(run(spec, place), 2)
    false = falsify(journal_of(place))
    assert grades(run(spec, place), 2) == [false, *first[1:]]


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"graded","step":0,"prob',
        b"\xff\x00 no JSON\n",
        b'{"kind":"graded","step":1,"problem":2,"n":4,"c":4,"truncated":4,"unparsable":0}\n',
        b'{"kind":"graded","step":0,"problem":2,"n":8,"c":8,"truncated":8,"unparsable":0}\n',
        b'{"kind":"graded","step":0,"problem":9,"n":4,"c":4,"truncated":4,"unparsable":0}\n',
    ],
    ids=["torn", "spoilt", "another step", "more samples", "another problem"],
)
def test_a_line_that_is_no_grade_of_this_evaluation_is_passed_over(
    tmp_path: Path, line: bytes
) -> None:
    spec, place = make_spec(BASE), place_of(tmp_path)
    run(spec, place, stop_after=1)
    with journal_of(place).open("ab") as file:
        file.write(line)
    whole = grades(run(spec, runs.Place(tmp_path)), 0)
    assert grades(run(spec, place), 0) == whole
    assert grades(run(spec, place), 0) == whole, "and the journal is whole again"


@pytest.mark.parametrize("lost", ["checkpoints", "lineage", "step"])
def test_a_journal_of_other_weights_is_not_used(tmp_path: Path, lost: str) -> None:
    """They may be the same to the bit, or not: another machine may have rounded otherwise."""
    spec, place = make_spec(), place_of(tmp_path)
    run(spec, place, stop_after=2)
    falsify(journal_of(place))
    changes: dict[str, dict[str, object]] = {
        "checkpoints": {},
        "lineage": {"lineage": "another"},
        "step": {"checkpoint_step": 1},
    }
    if lost == "checkpoints":
        for folder in (tmp_path / "checkpoints").glob("step-*"):
            shutil.rmtree(folder)
    again = run(spec, place_of(tmp_path, **changes[lost]))
    assert grades(again, 2) == grades(run(spec, runs.Place(tmp_path)), 2)


def test_one_attempt_alone_writes_at_a_time(tmp_path: Path) -> None:
    """An earlier attempt that was given up for lost may still run, and write."""
    spec, place = make_spec(BASE), place_of(tmp_path)
    run(spec, place, stop_after=2)
    false, journal = falsify(journal_of(place)), journal_of(place)
    before = journal.read_bytes()
    with journal.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert false not in grades(run(spec, place), 0)
        assert journal.read_bytes() == before
    assert false in grades(run(spec, place), 0)


def test_a_place_that_cannot_be_written_costs_no_evaluation(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    events = run(make_spec(BASE), place_of(tmp_path, checkpoints=tmp_path / "file" / "run"))
    assert len(grades(events, 0)) == 3


@pytest.mark.parametrize("changed", ["dtype", "recipe"])
def test_a_journal_of_the_same_weights_made_otherwise_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """An attempt may go on elsewhere, or with a later version, under the hash it was queued by."""
    spec, place = make_spec(BASE), place_of(tmp_path)
    run(spec, place, stop_after=2)
    false = falsify(journal_of(place))
    if changed == "dtype":
        spec = make_spec(BASE, model_settings={"dtype": "bfloat16"})
    else:
        monkeypatch.setattr(domain.runs, "RECIPE_VERSION", domain.runs.RECIPE_VERSION + 1)
    assert false not in grades(run(spec, place), 0)


def test_weights_that_are_not_saved_have_no_journal(tmp_path: Path) -> None:
    """Nobody will ever go on from them."""
    spec = make_spec(train={"steps": 3}, evaluation={"every": 1})
    run(spec, place_of(tmp_path, checkpoint_seconds=3600.0))
    assert [path.name[:9] for path in (tmp_path / "checkpoints").glob("grades-*")] == ["grades-3-"]
