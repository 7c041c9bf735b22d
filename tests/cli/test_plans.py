"""What `forkpoint up` makes of its settings, before it starts anything."""

from pathlib import Path

import pytest

from cli.errors import StackError
from cli.stack import Plan, Stack

DRAIN = "FORKPOINT_DRAIN_SECONDS"


def stack(data: Path) -> Stack:
    return Stack(Plan(data, "127.0.0.1", None, ["cpu:0"], None, None), print)


@pytest.mark.parametrize(("given", "expected"), [(None, 30.0), ("300", 310.0), ("0.5", 10.5)])
def test_a_worker_is_not_killed_while_it_may_still_drain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, expected: float
) -> None:
    monkeypatch.delenv(DRAIN, raising=False)
    if given:
        monkeypatch.setenv(DRAIN, given)
    worker = stack(tmp_path).worker("cpu:0")
    assert worker.stop_seconds == expected
    assert worker.environment[DRAIN] == (given or "20")


@pytest.mark.parametrize("given", ["", "soon", "-1", "nan", "inf"])
def test_a_drain_that_is_no_time_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv(DRAIN, given)
    with pytest.raises(StackError, match="must be a number of seconds"):
        stack(tmp_path)
