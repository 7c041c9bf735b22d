"""A sweep's comparison: the figures and the words beside them."""

from dataclasses import dataclass, replace
from functools import lru_cache

from domain.conclusions import Leader, conclude, describe_arms, name_leader, warn
from domain.contrasts import TAUS, ComparedArm, contrast
from domain.errors import invalid
from domain.results import SweepResults
from domain.stats import compared_ks, spread_ks

KEPT = 32
INTERVAL_NOTE = (
    "95\u00a0% intervals over training seeds and problems together; with one seed, over problems "
    "alone. Differences are paired on problems and seeds; adjusted ones hold for all arms at once, "
    "at each k by itself."
)


@dataclass(frozen=True)
class Comparison:
    """Arms against the baseline; figures are fractions, in the order of `ks`.

    `k` is the one that `sentences`, `warnings` and `conclusion` speak of; `sentences` are by arm.
    """

    sweep_id: int
    baseline: str
    submitted_baseline: str
    ks: list[int]
    k: int
    taus: tuple[float, ...]
    problems: int
    samples: int
    interval_note: str
    arms: tuple[ComparedArm, ...]
    sentences: dict[str, str]
    warnings: list[str]
    conclusion: str


def compare(results: SweepResults, k: int | None = None, thin: bool = False) -> Comparison:
    """In words at `k`, the largest unless given; `thin`: only at `spread_ks`, the figures alike.

    Raises Invalid for a k that was not evaluated.
    """
    every = compared_ks(results.samples)
    k = every[-1] if k is None else k
    if k not in every:
        known = f"1..{results.samples}" if len(every) == results.samples else f"{every}"
        raise invalid("k", f"pass@{k} was not evaluated in this sweep; choose one of {known}")
    if thin:
        results = replace(results, ks=tuple(spread_ks(results.samples, k)))
    arms = keep_contrast(results)
    return Comparison(
        sweep_id=results.sweep_id,
        baseline=results.baseline,
        submitted_baseline=results.submitted_baseline,
        ks=list(results.ks),
        k=k,
        taus=TAUS,
        problems=results.problems,
        samples=results.samples,
        interval_note=INTERVAL_NOTE,
        arms=arms,
        sentences=describe_arms(results, arms, k),
        warnings=warn(results, arms, k),
        conclusion=conclude(results, arms, k),
    )


def lead(results: SweepResults) -> Leader:
    """At the largest k."""
    last = replace(results, ks=results.ks[-1:])
    return name_leader(last, keep_contrast(last), last.ks[-1])


@lru_cache(maxsize=KEPT)
def keep_contrast(results: SweepResults) -> tuple[ComparedArm, ...]:
    """Kept by content: the same grades are looked at again and again."""
    return contrast(results)
