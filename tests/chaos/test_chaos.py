"""Every kind of fault once, in a short campaign of a fixed seed; `make chaos` runs longer ones."""

import json
import sys

import pytest

from tests.chaos.campaigns import Order, conduct
from tests.chaos.worlds import running

SHORT = Order(seed=7, seconds=22, runs=12, workers=3)


def test_nothing_is_lost_or_doubled_whatever_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with running(SHORT.workers) as world:
        result = conduct(SHORT, world)
    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(result.figures)}\n")
    assert not result.wrong, "\n".join([*result.wrong, "what was done:", *result.told])
