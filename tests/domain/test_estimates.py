"""How long runs will take, from how long others took."""

import pytest

from domain.estimates import (
    Left,
    Looked,
    Measured,
    estimate_analyses,
    estimate_device_time,
    eta_seconds,
)
from domain.probes import Bill
from domain.runs import RunSpec
from domain.sweeps import expand, parse_sweep
from tests.factories import sweep_body

STEP = 32 * 8
EVAL = 4 * 8


def specs(*arms: str) -> list[RunSpec]:
    plan = expand(parse_sweep(sweep_body()))
    return [run.spec for run in plan.runs if run.arm in arms]


def trained(seconds: float, steps: int = 10, size: int = STEP) -> Measured:
    return Measured(steps=steps, step_size=size, eval_size=EVAL, seconds=seconds)


def test_time_is_steps_times_the_median_step_of_like_runs() -> None:
    time = estimate_device_time(specs("grpo"), [trained(10), trained(20), trained(90)])
    assert time.seconds == pytest.approx(2 * 10 * 2.0)


def test_runs_with_much_larger_steps_are_not_like() -> None:
    assert estimate_device_time(specs("grpo"), [trained(10, size=3 * STEP)]).seconds is None


def test_nothing_to_run_takes_no_time() -> None:
    assert estimate_device_time([], []).seconds == 0


def test_an_unknown_base_evaluation_is_left_out_in_words() -> None:
    time = estimate_device_time(specs("base", "grpo"), [trained(10)])
    assert time.seconds == pytest.approx(20)
    assert "left out" in time.basis


def test_a_measured_base_evaluation_counts() -> None:
    base = Measured(steps=0, step_size=0, eval_size=EVAL, seconds=3)
    assert estimate_device_time(specs("base", "grpo"), [trained(10), base]).seconds == 23


def billed(drawn: int, compared: int = 0, scored: int = 0) -> Bill:
    return Bill(drawn, compared, scored, passes=0)


def test_analyses_take_what_those_of_about_their_size_took() -> None:
    looked = [
        Looked(billed(900), 4),
        Looked(billed(1000), 6),
        Looked(billed(1000, compared=1000), 30),
        Looked(billed(9000), 500),
    ]
    time = estimate_analyses([billed(1000), billed(1000)], looked)
    assert (time.seconds, time.basis) == (10, "from 4 finished analyses")


@pytest.mark.parametrize("larger", [billed(2001), billed(1000, 500), billed(1000, 0, 500)])
def test_an_analysis_unlike_all_that_have_finished_takes_unknown_time(larger: Bill) -> None:
    time = estimate_analyses([billed(1000), larger], [Looked(billed(1000), 5)])
    assert time.seconds is None
    assert time.basis.startswith("unknown")


def test_what_was_measured_is_counted_in_words_that_fit() -> None:
    one = estimate_analyses([billed(1000)], [Looked(billed(1000), 5)])
    assert one.basis == "from 1 finished analysis"
    assert estimate_device_time(specs("grpo"), [trained(10)]).basis == "from 1 finished run"


def test_no_analysis_takes_no_time() -> None:
    assert estimate_analyses([], []).seconds == 0


def test_only_an_unknown_base_evaluation_is_unknown() -> None:
    assert estimate_device_time(specs("base"), [trained(10)]).seconds is None


def test_the_eta_is_shared_by_the_workers() -> None:
    assert eta_seconds([Left(True, 10, 60)], workers=4) == 150


def test_the_last_run_is_not_shared() -> None:
    assert eta_seconds([Left(True, 0.5, 60)], workers=4) == 30


@pytest.mark.parametrize(("seconds", "workers"), [(None, 4), (60, 0)])
def test_without_a_finished_run_or_a_worker_there_is_no_eta(
    seconds: float | None, workers: int
) -> None:
    assert eta_seconds([Left(True, 3, seconds)], workers) is None


def test_a_base_evaluation_says_nothing_of_how_long_training_takes() -> None:
    assert eta_seconds([Left(True, 12, None), Left(False, 1, 4)], workers=1) is None


def test_trained_and_untrained_runs_count_by_their_own_kind() -> None:
    assert eta_seconds([Left(True, 2, 60), Left(False, 2, 5)], workers=2) == 65


def test_an_unmeasured_base_evaluation_is_left_out_of_the_eta() -> None:
    assert eta_seconds([Left(True, 2, 60), Left(False, 1, None)], workers=1) == 120
    assert eta_seconds([Left(True, 0, 60), Left(False, 1, None)], workers=1) is None
