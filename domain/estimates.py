"""How long runs will take, from how long comparable ones took."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from domain.probes import Bill
from domain.runs import EvalSettings, RunSpec, TrainSettings

ALIKE = 2.0  # sizes within this factor of each other are comparable


@dataclass(frozen=True)
class Measured:
    """A finished run. Sizes count completions; `steps` is 0 for a base model."""

    steps: int
    step_size: int
    eval_size: int
    seconds: float


@dataclass(frozen=True)
class Looked:
    """A finished analysis: what it computed at most, and how long it took."""

    bill: Bill
    seconds: float


@dataclass(frozen=True)
class DeviceTime:
    """`seconds` on one device, or None when nothing comparable was measured; `basis` says why."""

    seconds: float | None
    basis: str


@dataclass(frozen=True)
class Left:
    """`runs` to do (fractions count), all trained or all not, of `seconds` each if one finished."""

    trained: bool
    runs: float
    seconds: float | None


def step_size(train: TrainSettings | None) -> int:
    return train.prompts_per_step * train.completions_per_prompt if train else 0


def eval_size(settings: EvalSettings) -> int:
    return settings.problems * settings.samples


def alike(one: int, other: int) -> bool:
    return other / ALIKE <= one <= other * ALIKE


def estimate_device_time(specs: Sequence[RunSpec], measured: Sequence[Measured]) -> DeviceTime:
    """Device seconds of `specs`; `measured` are runs of the same model and task."""
    if not specs:
        return DeviceTime(0.0, "every run has been asked for before")
    trained = [spec for spec in specs if spec.train]
    per_step = {
        size: step_seconds(size, measured) for size in {step_size(s.train) for s in trained}
    }
    for size, rate in per_step.items():
        if rate is None:
            what = f"{specs[0].model} on {specs[0].task} with about {size:,} completions a step"
            return DeviceTime(None, f"unknown: no run of {what} has finished yet")
    total = sum((per_step[step_size(spec.train)] or 0.0) * spec.total_steps for spec in trained)
    bases = [evaluation_seconds(spec, measured) for spec in specs if not spec.train]
    known = [seconds for seconds in bases if seconds is not None]
    if not trained and not known:
        return DeviceTime(None, "unknown: no base model of this task was evaluated yet")
    left_out = "" if len(known) == len(bases) else "; the base model's evaluation is left out"
    return DeviceTime(total + sum(known), finished(len(measured), "run", "runs") + left_out)


def step_seconds(size: int, measured: Sequence[Measured]) -> float | None:
    """The median time of a step, evaluation included."""
    rates = [
        run.seconds / run.steps for run in measured if run.steps and alike(run.step_size, size)
    ]
    return median(rates) if rates else None


def evaluation_seconds(spec: RunSpec, measured: Sequence[Measured]) -> float | None:
    size = eval_size(spec.eval)
    times = [run.seconds for run in measured if not run.steps and alike(run.eval_size, size)]
    return median(times) if times else None


def estimate_analyses(bills: Sequence[Bill], looked: Sequence[Looked]) -> DeviceTime:
    """Device seconds of analyses; `looked` are those of the same model and task."""
    if not bills:
        return DeviceTime(0.0, "every analysis exists already")
    total = 0.0
    for bill, many in Counter(bills).items():
        times = [one.seconds for one in looked if is_alike(one.bill, bill)]
        if not times:
            return DeviceTime(None, "unknown: no analysis of about this size has finished yet")
        total += many * median(times)
    return DeviceTime(total, finished(len(looked), "analysis", "analyses"))


def finished(number: int, one: str, many: str) -> str:
    return f"from {number:,} finished {one if number == 1 else many}"


def is_alike(one: Bill, other: Bill) -> bool:
    """Whether they draw, compare and score about as much, or alike do not."""
    mine = (one.drawn_tokens, one.compared_tokens, one.scored_tokens)
    others = (other.drawn_tokens, other.compared_tokens, other.scored_tokens)
    return all(map(alike, mine, others))


def eta_seconds(left: Sequence[Left], workers: int) -> float | None:
    """How long `workers` devices need; untrained runs are left out while none was measured."""
    unfinished = [one for one in left if one.runs > 0]
    if not unfinished:
        return 0.0
    known = [(one.runs, one.seconds) for one in unfinished if one.seconds is not None]
    if workers < 1 or not known or any(one.trained and one.seconds is None for one in unfinished):
        return None
    total = sum(runs * seconds for runs, seconds in known)
    return max(total / workers, *(min(runs, 1.0) * seconds for runs, seconds in known))
