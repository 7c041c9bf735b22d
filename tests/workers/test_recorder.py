"""From the spool file to the database: torn lines, foreign lines, long lines, lines twice."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from db.attempts import Claim
from db.models import Attempt, Metric, Rollout
from db.sessions import transaction
from domain.events import Failed, Finished, Metrics, Started
from domain.events import Rollout as RolloutEvent
from domain.records import Code, Record, Surroundings, begin_record, write_command
from tests.factories import claim_run, metrics, submit_sweep
from workers.recorder import BATCH_BYTES, Recorder
from workers.trainers import Trainer, clean


@pytest.fixture
def recorder(engine: Engine, tmp_path: Path) -> Recorder:
    with transaction(engine) as db:
        submit_sweep(db)
        claim: Claim = claim_run(db)
    events, log = tmp_path / "events.jsonl", tmp_path / "log.txt"
    events.touch()
    log.touch()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    record = begin_record(claim.spec, Code(version="1"), {"torch": "2"}, driver=None)
    trainer = Trainer(ended, -1, events, log)
    return Recorder(engine, claim, trainer, tmp_path / "checkpoints", record)


def say(recorder: Recorder, text: str) -> None:
    with recorder.trainer.events.open("a") as file:
        file.write(text)


def steps(recorder: Recorder) -> list[int]:
    with transaction(recorder.engine) as db:
        rows = db.scalars(select(Metric.step).where(Metric.name == "x").order_by(Metric.step))
        return list(rows)


def line(step: int) -> str:
    return metrics(step, {"x": 1.0}).model_dump_json() + "\n"


def test_a_torn_line_waits_for_its_rest(recorder: Recorder) -> None:
    whole = line(1)
    say(recorder, whole[:20])
    recorder.ship(keep_log=False)
    assert steps(recorder) == []
    say(recorder, whole[20:])
    recorder.ship(keep_log=False)
    assert steps(recorder) == [1]


def test_a_line_that_is_no_event_is_passed_over(recorder: Recorder) -> None:
    say(recorder, "hello from a library\n" + line(1) + '{"kind": "unheard of"}\n' + line(2))
    recorder.ship(keep_log=False)
    assert steps(recorder) == [1, 2]


def test_a_batch_of_nothing_but_foreign_lines_does_not_hide_what_follows(
    recorder: Recorder,
) -> None:
    say(recorder, ("noise " * 10 + "\n") * (BATCH_BYTES // 50) + line(1))
    say(recorder, Finished(step=1, seconds=1.0).model_dump_json() + "\n")
    while not recorder.all_shipped():
        recorder.ship(keep_log=False)
    assert steps(recorder) == [1]
    assert recorder.finished


def test_a_line_longer_than_a_batch_arrives_whole(recorder: Recorder) -> None:
    count = BATCH_BYTES // 4
    zeros = [0.0] * count
    long = RolloutEvent(
        step=1,
        index=0,
        problem="p",
        prompt="q",
        tokens=["t"] * count,
        entropies=zeros,
        advantages=zeros,
        psi=zeros,
        reward=1.0,
    )
    say(recorder, long.model_dump_json() + "\n")
    recorder.ship(keep_log=False)
    with transaction(recorder.engine) as db:
        assert len(db.scalars(select(Rollout)).one().tokens) == count


def test_what_was_not_committed_is_shipped_again(recorder: Recorder) -> None:
    say(recorder, line(1))
    recorder.ship(keep_log=False)
    recorder.offset = 0
    recorder.ship(keep_log=False)
    assert steps(recorder) == [1]


def test_a_null_character_is_stored_as_its_picture_and_the_words_for_it_as_they_are(
    recorder: Recorder,
) -> None:
    event = RolloutEvent(
        step=1,
        index=0,
        problem="a\0b",
        prompt="a JSON string spells it \\u0000",
        tokens=["\0"],
        entropies=[0.0],
        advantages=[0.0],
        psi=[0.0],
        reward=0.0,
    )
    say(recorder, event.model_dump_json() + "\n")
    recorder.ship(keep_log=False)
    with transaction(recorder.engine) as db:
        stored = db.scalars(select(Rollout)).one()
        assert stored.problem == "a\N{SYMBOL FOR NULL}b"
        assert stored.tokens == ["\N{SYMBOL FOR NULL}"]
        assert stored.prompt == "a JSON string spells it \\u0000"


def test_null_characters_in_what_a_trainer_says_of_itself_stop_no_run(recorder: Recorder) -> None:
    begun = Started(
        device="c\0pu",
        versions={"to\0rch": "\0"},
        total_steps=1,
        total_problems=1,
        lineage="\0",
    )
    said = [begun, Metrics(step=1, seconds=1.0, values={"x\0": 1.0}), Failed(message="no\0")]
    say(recorder, "".join(event.model_dump_json() + "\n" for event in said))
    recorder.ship(keep_log=True)
    assert recorder.all_shipped()
    with transaction(recorder.engine) as db:
        attempt = db.scalars(select(Attempt)).one()
        assert attempt.versions == {"to\N{SYMBOL FOR NULL}rch": "\N{SYMBOL FOR NULL}"}
        names = set(db.scalars(select(Metric.name)))
    assert names == {"x\N{SYMBOL FOR NULL}", "seconds"}


def test_a_diverged_step_is_stored_as_it_is(recorder: Recorder) -> None:
    event = Metrics(step=1, seconds=1.0, values={"x": float("nan"), "y": float("inf")})
    say(recorder, event.model_dump_json() + "\n")
    recorder.ship(keep_log=False)
    with transaction(recorder.engine) as db:
        stored = dict(db.execute(select(Metric.name, Metric.value)).all())
    assert str(stored["x"]) == "nan"
    assert stored["y"] == float("inf")


def stored_record(recorder: Recorder) -> Record:
    with transaction(recorder.engine) as db:
        return Record.model_validate(db.scalars(select(Attempt.record)).one())


SURROUNDINGS = Surroundings(
    python="3.12",
    platform="here",
    device_name="a GPU",
    cuda="13.0",
    threads=2,
    environment={"OMP_NUM_THREADS": "2", "MKL_CBWR": "AVX2 STRICT", "CUDA_VISIBLE_DEVICES": "3"},
)


def test_how_to_repeat_an_attempt_is_kept_from_its_first_word_on(recorder: Recorder) -> None:
    say(recorder, line(1))
    recorder.ship(keep_log=False)
    assert stored_record(recorder) == recorder.record
    assert stored_record(recorder).surroundings is None


def test_what_the_trainer_says_of_where_it_runs_is_kept_with_it(recorder: Recorder) -> None:
    started = Started(
        device="cuda:0",
        dtype="bfloat16",
        versions={},
        total_steps=10,
        total_problems=4,
        surroundings=SURROUNDINGS,
    )
    say(recorder, line(1))
    recorder.ship(keep_log=False)
    say(recorder, started.model_dump_json() + "\n")
    recorder.ship(keep_log=False)
    found = stored_record(recorder)
    assert (found.device, found.dtype, found.from_step) == ("cuda:0", "bfloat16", 0)
    assert found.surroundings == SURROUNDINGS
    assert found.packages == {"torch": "2"}


def test_the_command_sets_what_changes_results_but_not_which_gpu_it_was(recorder: Recorder) -> None:
    record = recorder.record.model_copy(update={"surroundings": SURROUNDINGS})
    assert write_command(7, record) == (
        "forkpoint run spec 7 > spec.json && MKL_CBWR='AVX2 STRICT' OMP_NUM_THREADS=2 "
        ".venv/bin/python -m trainer < spec.json > events.jsonl"
    )


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("10%\r50%\r100%\ndone", "100%\ndone"),
        ("a\x00b\x07c\x9bd", "abcd"),
        ("windows\r\nends", "windows\nends"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_a_log_is_plain_text(raw: str, text: str) -> None:
    assert clean(raw) == text
