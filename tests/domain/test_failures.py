"""Failures in plain words, and which of them speak against a worker."""

import errno
from pathlib import Path

import pytest

from domain.failures import End, advise, streak, tells_of_disk
from domain.lifecycle import ExitCode, FailureClass, classify_exit


@pytest.mark.parametrize("failure", FailureClass)
def test_every_failure_has_a_title_a_meaning_and_a_remedy_of_its_own(failure: FailureClass) -> None:
    own = advise(failure)
    others = [advise(other) for other in FailureClass if other is not failure]
    for words in ("title", "meaning", "remedy"):
        said = getattr(own, words)
        assert said
        assert said not in [getattr(other, words) for other in others]


def test_the_documentation_has_every_failure_with_its_title() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    for failure in FailureClass:
        retried = "no" if failure in (FailureClass.USER_ERROR, FailureClass.BAD_DATA) else ""
        assert f"| `{failure}` | {advise(failure).title} | {retried}" in text


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (0, None),
        (64, FailureClass.USER_ERROR),
        (65, FailureClass.BAD_DATA),
        (71, FailureClass.OUT_OF_MEMORY),
        (74, FailureClass.DISK),
        (78, FailureClass.USER_ERROR),
        (1, FailureClass.CRASHED),
        (79, FailureClass.CRASHED),
        (-9, FailureClass.KILLED),
    ],
)
def test_an_exit_names_its_failure(code: int, failure: FailureClass | None) -> None:
    assert classify_exit(code) is failure


def test_the_contracts_codes_are_those_of_sysexits() -> None:
    assert (ExitCode.BAD_SPEC, ExitCode.BAD_DATA, ExitCode.DISK) == (64, 65, 74)


def chained() -> Exception:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("the weights were not written") from error
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EROFS, "read only"),
        OSError(errno.EDQUOT, "quota"),
        RuntimeError("I/O error: No space left on device (os error 28)"),
        chained(),
    ],
)
def test_a_disk_that_takes_no_more_is_known_by_its_number_or_its_words(error: Exception) -> None:
    assert tells_of_disk(error)


@pytest.mark.parametrize("error", [OSError(errno.ENOENT, "missing"), ValueError("no"), None])
def test_other_errors_say_nothing_of_the_disk(error: Exception | None) -> None:
    assert not tells_of_disk(error)


@pytest.mark.parametrize(
    ("ends", "against"),
    [
        ([], 0),
        ([(3, "crashed"), (2, "killed"), (1, "stalled")], 3),
        ([(3, "crashed"), (2, "succeeded"), (1, "crashed")], 1),
        ([(3, "crashed"), (2, "user_error"), (1, "crashed")], 1),
        ([(1, "crashed"), (1, "crashed"), (1, "crashed")], 1),
        ([(1, "disk"), (1, "disk"), (1, "disk")], 3),
    ],
)
def test_failures_in_a_row_speak_against_their_worker(
    ends: list[tuple[int, str]], against: int
) -> None:
    assert len(streak(End(run_id, outcome, elsewhere=False) for run_id, outcome in ends)) == against


def test_a_run_that_fails_alike_elsewhere_says_nothing_of_this_worker() -> None:
    ends = [End(3, "crashed", False), End(2, "crashed", True), End(1, "crashed", False)]
    assert [end.run_id for end in streak(ends)] == [3, 1]
