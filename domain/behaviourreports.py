"""What a report says of behaviour: every arm after its last step, in figures and in sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from domain.analyses import AnalysisSettings
from domain.armbehaviours import ArmFigures, Measure, Of
from domain.behaviourdifferences import BehaviourDifference
from domain.collapses import Collapse, Regime
from domain.conclusions import count
from domain.intervals import t_half_width
from domain.resampling import Figure

ESTABLISHED = 0.05
NAMED = 12
UNESTABLISHED = "; not established: training noise is not in it"
SAID: dict[Measure, tuple[str, str, str]] = {
    "per_thousand": ("more often", "less often", "per 1,000 tokens"),
    "mean": ("with more entropy", "with less entropy", "nats"),
    "gap": ("with entropy further above the rest", "with entropy less above the rest", "nats"),
}


NamedKind = tuple[str, Of]


@dataclass(frozen=True)
class JudgedRun:
    """How far the traces of a run depend on their prompts, after its last step."""

    arm: str
    step: int
    collapse: Collapse
    regime: Regime | None


@dataclass(frozen=True)
class ArmDependence:
    """Means over an arm's runs with Student's 95 % interval over seeds, and their regimes; a run of
    another number of prompts than most have is left out: its figures have other bounds. `mutual`
    is of a trace and at most `most`, `conditional` of a token; `retrieved` is by chance `chance`.
    """

    arm: str
    step: int
    runs: int
    mutual: Figure
    most: float
    conditional: Figure
    retrieved: Figure
    chance: float
    regimes: dict[Regime, int]


@dataclass(frozen=True)
class ReportedBehaviour:
    """Of one inquiry. `missing` says why there are no differences from the baseline."""

    settings: AnalysisSettings
    arms: tuple[ArmFigures, ...]
    baseline: str
    differences: tuple[BehaviourDifference, ...]
    missing: str | None
    dependence: tuple[ArmDependence, ...]
    remarks: tuple[str, ...]


def depend(runs: Sequence[JudgedRun]) -> list[ArmDependence]:
    """Arm by arm, in their order."""
    arms = dict.fromkeys(run.arm for run in runs)
    return [depend_one([run for run in runs if run.arm == arm]) for arm in arms]


def depend_one(judged: Sequence[JudgedRun]) -> ArmDependence:
    ((prompts, _),) = Counter(run.collapse.problems for run in judged).most_common(1)
    runs = [run for run in judged if run.collapse.problems == prompts]
    found = [run.collapse for run in runs]
    return ArmDependence(
        arm=runs[0].arm,
        step=runs[0].step,
        runs=len(runs),
        mutual=over_runs(one.sequence.mutual for one in found),
        most=found[0].most,
        conditional=over_runs(one.token.conditional for one in found),
        retrieved=over_runs(one.retrieval[0].share for one in found if one.retrieval),
        chance=1 / prompts,
        regimes=dict(Counter(run.regime for run in runs if run.regime)),
    )


def over_runs(figures: Iterable[Figure]) -> Figure:
    """Of a single run its own interval, over problems."""
    known = [figure for figure in figures if figure.value is not None]
    if len(known) < 2:
        return known[0] if known else Figure(None)
    values = np.array([[figure.value] for figure in known], dtype=np.float64)
    mean, half = float(values.mean()), float(t_half_width(values)[0])
    return Figure(mean, mean - half, mean + half)


def list_established(found: ReportedBehaviour) -> list[str]:
    """The differences from the baseline that hold beside all others, the surest first; then those
    that hold so over problems alone, by which nothing is established."""
    if found.missing:
        return [f"{found.missing}, so that arms cannot be set against it."]
    clear = sorted(filter(is_clear, found.differences), key=lambda one: one.adjusted_p or 0.0)
    established = [one for one in clear if one.over == "seeds and problems"]
    others = [one for one in clear if one.over == "problems"]
    first = list_first(established, found.baseline) or [say_none(found, bool(others))]
    return [*first, *list_first(others, found.baseline)]


def is_clear(one: BehaviourDifference) -> bool:
    return one.adjusted_p is not None and one.adjusted_p < ESTABLISHED


def list_first(differences: Sequence[BehaviourDifference], baseline: str) -> list[str]:
    more = len(differences) - NAMED
    rest = [f"And {count(more, 'difference')} more."] if more > 0 else []
    return [say(one, baseline) for one in differences[:NAMED]] + rest


def say_none(found: ReportedBehaviour, clear: bool) -> str:
    """`clear` where some would be, if one seed were enough."""
    looked = count(sum(one.p is not None for one in found.differences), "difference")
    besides = " in an interval with training noise" if clear else ""
    return (
        f"No arm's behaviour is established to differ from {found.baseline}'s: of {looked}, "
        f"none has an adjusted p below {ESTABLISHED:g}{besides}."
    )


def say(one: BehaviourDifference, baseline: str) -> str:
    more, less, unit = SAID[one.measure]
    value, low, high = one.delta.value or 0.0, one.delta.low, one.delta.high
    ends = "" if low is None or high is None else f" ({low:+.2g} to {high:+.2g})"
    noise = "" if one.over == "seeds and problems" else UNESTABLISHED
    kind, how = describe_kind(one.name, one.of), more if value > 0 else less
    return (
        f"{one.arm}: {kind} come {how} than with {baseline}, {value:+.2g}{ends} {unit}, "
        f"adjusted p {one.adjusted_p:.2g}{noise}."
    )


def name_kind(name: str, of: Of) -> str:
    if of == "sentences":
        return f"{name} sentences"
    return "all pivotal words" if name == "all" else name


def describe_kind(name: str, of: Of) -> str:
    """In a sentence."""
    listed = of == "words" and name != "all"
    return f"pivotal words ({name})" if listed else name_kind(name, of)


def list_kinds(found: ReportedBehaviour) -> Iterator[NamedKind]:
    """Those that were looked at: of a single category all words together say the same again."""
    single = len(found.settings.lexicon.words) == 1
    for kind in found.arms[0].kinds:
        if (kind.name, kind.of) == ("all", "words") and single:
            continue
        if (kind.name, kind.of) == ("rare", "sentences") and not found.settings.rare:
            continue
        if (kind.name, kind.of) == ("reflective", "sentences") and (
            not found.settings.lexicon.reflective
        ):
            continue
        yield kind.name, kind.of
