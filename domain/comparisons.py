"""A sweep's comparison: the figures and the words beside them."""

from dataclasses import dataclass
from functools import lru_cache

from domain.conclusions import conclude, warn
from domain.contrasts import ComparedArm, SweepResults, contrast
from domain.stats import DRAWS

KEPT = 32
INTERVAL_NOTE = (
    f"95 % percentile bootstrap intervals over problems ({DRAWS:,} draws, the same for every arm). "
    "They leave out the noise of training and are not adjusted for the number of arms."
)


@dataclass(frozen=True)
class Comparison:
    """Arms against the baseline; figures are fractions, in the order of `ks`."""

    sweep_id: int
    baseline: str
    ks: list[int]
    problems: int
    samples: int
    interval_note: str
    arms: tuple[ComparedArm, ...]
    warnings: list[str]
    conclusion: str


@lru_cache(maxsize=KEPT)
def compare(results: SweepResults) -> Comparison:
    """Kept by content: the same grades are looked at again and again."""
    arms = contrast(results)
    return Comparison(
        sweep_id=results.sweep_id,
        baseline=results.baseline,
        ks=results.ks,
        problems=results.problems,
        samples=results.samples,
        interval_note=INTERVAL_NOTE,
        arms=arms,
        warnings=warn(results, arms),
        conclusion=conclude(results, arms),
    )
