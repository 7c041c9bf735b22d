"""What the API answers with numbers: metrics over steps, grades, rollouts, comparisons."""

from api.schemas import Reply
from domain.methods import Method


class Series(Reply):
    """One metric of one run. `values` holds None where the trainer reported NaN or infinity.

    When `total` exceeds the number of points, each bucket keeps its minimum and maximum.
    """

    run_id: int
    arm: str
    seed: int
    name: str
    total: int
    steps: list[int]
    values: list[float | None]


class SeriesPage(Reply):
    names: list[str]
    series: list[Series]


class Grade(Reply):
    problem: int
    n: int
    c: int
    truncated: int
    unparsable: int


class GradePage(Reply):
    steps: list[int]
    step: int | None
    grades: list[Grade]


class RolloutReply(Reply):
    """One training completion; the per-token lists are as long as `tokens`."""

    step: int
    index: int
    problem: str
    prompt: str
    tokens: list[str]
    entropies: list[float | None]
    advantages: list[float | None]
    psi: list[float | None]
    reward: float | None


class RolloutPage(Reply):
    steps: list[int]
    rollouts: list[RolloutReply]


class EstimateReply(Reply):
    """A mean and its 95 % interval, as fractions."""

    mean: float
    low: float
    high: float
    excludes_zero: bool


class ComparedArm(Reply):
    """One arm at every k of the comparison; lists are None-filled until its first run is graded.

    `delta` is this arm minus the baseline on the same problems, None for the baseline itself; it is
    over `paired_seeds`, those both have, or over all seeds when they have none in common.
    """

    name: str
    template: str
    method: Method
    is_baseline: bool
    runs: int
    succeeded: int
    failed: int
    seeds: list[int]
    pass_at: list[EstimateReply] | None
    delta: list[EstimateReply] | None
    paired_seeds: list[int]
    seed_means: list[list[float]]
    truncated: float | None
    unparsable: float | None
    entropy: float | None


class Comparison(Reply):
    """Arms against the baseline at the last step of each finished run.

    Intervals come from resampling problems only: `interval_note` says what they leave out.
    `seed_means[i][j]` is the pass@ks[j] of the arm's i-th seed.
    """

    sweep_id: int
    baseline: str
    ks: list[int]
    problems: int
    samples: int
    interval_note: str
    arms: list[ComparedArm]
    warnings: list[str]
    conclusion: str
