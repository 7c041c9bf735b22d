"""What the API answers with numbers: metrics over steps, grades, comparisons."""

from api.schemas import Reply
from domain.contrasts import Noise, Test
from domain.methods import Method


class MeansReply(Reply):
    """Means of stretches of training, each at the mean of its steps; the same stretches for all.

    None where a value of the stretch was NaN or infinite. `xs` are their places on an axis other
    than steps, read between the points that are kept.
    """

    steps: list[float]
    xs: list[float] | None
    values: list[float | None]


class GapReply(Reply):
    """How many values were NaN or infinite, the first such step, and whether no number came after.

    Of the range that was asked for.
    """

    count: int
    first: int
    lasting: bool


class Series(Reply):
    """One metric of one run. `values` holds None where the trainer reported NaN or infinity.

    `total` counts the points of the range asked for; the nearest ones outside come along, so that
    a line reaches the edges. When `total` exceeds what was asked for, each stretch keeps its
    minimum and maximum, and `means` has its mean. `xs` are places on an axis other than steps.
    """

    run_id: int
    arm: str
    seed: int
    name: str
    total: int
    steps: list[int]
    xs: list[float] | None
    values: list[float | None]
    means: MeansReply | None
    gap: GapReply | None


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


class EstimateReply(Reply):
    """A mean and its 95 % interval, as fractions."""

    mean: float
    low: float
    high: float


class DifferenceReply(EstimateReply):
    """A difference to the baseline, as a fraction, with its two-sided p-value.

    The adjusted ones hold for all arms at once, at this k. `established`: the adjusted
    interval is on one side of zero and contains training noise.
    """

    p: float
    adjusted_low: float
    adjusted_high: float
    adjusted_p: float
    excludes_zero: bool
    established: bool


class ComparedArm(Reply):
    """One arm at every k of the comparison; None until its first run is graded.

    `delta` is this arm minus the baseline on the same problems, None for the baseline itself; it is
    over `paired_seeds`, those both have, or over all seeds when they have none in common.
    `pass_at_over` and `delta_over` say which noise the intervals contain, `delta_test` where p
    comes from. `detectable` is the true difference that such a sweep establishes 8 times in 10,
    `seeds_needed` how many seeds would bring it to 3 points. `cover` is Cover@tau at the
    comparison's taus; `histogram` counts problems of all seeds by success rate: 0, ten tenths, 1.
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
    pass_at_over: Noise | None
    delta: list[DifferenceReply] | None
    delta_over: Noise | None
    delta_test: Test | None
    detectable: list[float] | None
    seeds_needed: list[int | None] | None
    paired_seeds: list[int]
    seed_means: list[list[float]]
    cover: list[EstimateReply] | None
    histogram: list[int] | None
    truncated: float | None
    unparsable: float | None
    entropy: float | None


class Leader(Reply):
    """The trained arm with the highest difference at `k`, and what may be said of it in `words`.

    Without one, they say why.
    """

    k: int
    arm: str | None
    delta: DifferenceReply | None
    words: str


class Conclusion(Reply):
    """The words of a comparison at one k: `sentences` are by arm, for those with a difference."""

    k: int
    sentences: dict[str, str]
    warnings: list[str]
    conclusion: str


class Comparison(Conclusion):
    """Arms against the baseline at the last step of each finished run.

    `seed_means[i][j]` is the pass@ks[j] of the arm's i-th seed. `k` is the one that `sentences` (by
    arm), `warnings` and `conclusion` speak of. `baseline` differs from `submitted_baseline` where
    another arm was asked for; then a warning says so.
    """

    sweep_id: int
    baseline: str
    submitted_baseline: str
    ks: list[int]
    taus: list[float]
    problems: int
    samples: int
    interval_note: str
    arms: list[ComparedArm]


class ChangeReply(Reply):
    """Means over seeds of the first and of the last tenth of the steps, and of their difference
    the 95 % interval over seeds; None with a single seed.
    """

    first: float
    last: float
    low: float | None
    high: float | None


class RegulatedArm(Reply):
    """Of `seeds` finished runs; `left_out` more reported what is not a number."""

    name: str
    seeds: int
    left_out: int
    share: ChangeReply
    capped: ChangeReply
    entropy: ChangeReply
    sentence: str


class Regulation(Reply):
    """Did psi/|A| shrink as entropy did? Of every shaped arm with a finished run, in words too."""

    summary: str
    baseline: str
    baseline_entropy: ChangeReply | None
    arms: list[RegulatedArm]
