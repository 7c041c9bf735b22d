"""The parts of the API's replies about comparisons that the command line shows."""

from pydantic import BaseModel


class Estimate(BaseModel):
    mean: float
    low: float
    high: float


class Difference(Estimate):
    """The adjusted ones hold for all arms at once; for one arm they are the others."""

    p: float
    adjusted_low: float
    adjusted_high: float
    adjusted_p: float
    established: bool

    @property
    def is_adjusted(self) -> bool:
        return (self.adjusted_low, self.adjusted_p) != (self.low, self.p)


class ComparedArm(BaseModel):
    """Estimates and deltas are one for each k of the comparison."""

    name: str
    is_baseline: bool
    runs: int
    succeeded: int
    failed: int
    seeds: list[int]
    pass_at: list[Estimate] | None
    delta: list[Difference] | None


class Comparison(BaseModel):
    """`k` is the one that `warnings` and `conclusion` speak of."""

    baseline: str
    ks: list[int]
    k: int
    problems: int
    samples: int
    interval_note: str
    arms: list[ComparedArm]
    warnings: list[str]
    conclusion: str
