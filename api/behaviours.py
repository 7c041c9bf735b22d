"""What the API answers about analyses: which there are, and what they came to.

Every interval is of 95 %, over problems; its ends are None where there are too few of them.
"""

from datetime import datetime

from api.schemas import Reply
from domain.analyses import AnalysisSettings
from domain.collapses import Regime
from domain.findings import RareSentence, ShownTrace
from domain.kinds import View
from domain.lifecycle import FailureClass, RunStatus


class AnalysisPreview(Reply):
    """What asking would do: `new` of the analyses would be queued, the others exist.

    The tokens are the most that the new ones draw one by one, and read at once. `device_seconds` is
    None when nothing comparable was measured; `estimate_basis` says so.
    """

    analyses: int
    new: int
    lexicon: str
    problems: int
    traces: int
    drawn_tokens: int
    scored_tokens: int
    device_seconds: float | None
    estimate_basis: str


class AskedAnalysis(Reply):
    """An analysis: `run_id` is its own run. The untrained model has no subject and no seed."""

    run_id: int
    subject_id: int | None
    arm: str
    seed: int | None
    step: int
    status: RunStatus
    phase: str
    failure: FailureClass | None
    error: str | None
    lexicon: str
    requested_by: str
    requested_at: datetime


class AnalysisSubject(Reply):
    """A trained run, and the steps whose weights can be looked at."""

    run_id: int
    arm: str
    seed: int
    steps: list[int]


class AnalysisPage(Reply):
    analyses: list[AskedAnalysis]
    subjects: list[AnalysisSubject]


class AskedPage(AnalysisPage):
    """`asked` are the runs of those that were asked for just now, whether they existed or not."""

    asked: list[int]


class Figure(Reply):
    """`value` is None of nothing at all."""

    value: float | None
    low: float | None
    high: float | None


class EntropyGap(Reply):
    """How much higher entropy is than at the rest, in nats. `view` says what like is set against
    like: all, the same tenth of the trace, the same problem, both, or only where words begin.

    `p` is of no difference, `adjusted_p` allows for the other categories; `note` says why there is
    none.
    """

    view: View
    delta: Figure
    p: float | None
    adjusted_p: float | None
    note: str


class Kind(Reply):
    """One kind of token or sentence: how many, in how many problems, how many per 1,000 tokens, and
    the mean entropy of it and of the rest, in all and by tenth of the trace."""

    name: str
    count: int
    problems: int
    per_thousand: Figure
    mean: Figure
    rest: Figure
    gaps: list[EntropyGap]
    profile: list[float | None]
    rest_profile: list[float | None]


class Rare(Reply):
    """Sentences unlike the untrained model's. From the distance `threshold` on they are rare;
    `beyond` is the share farther out than all but the rarest of the untrained model's own."""

    kind: Kind
    threshold: float
    base_threshold: float
    distance: Figure
    beyond: Figure
    sentences: int
    base_sentences: int


class Information(Reply):
    """In nats: I(X;Z), H(Z|X) and H(Z)."""

    mutual: Figure
    conditional: Figure
    marginal: Figure


class Retrieval(Reply):
    k: int
    share: Figure
    chance: float


class Collapse(Reply):
    """How far traces depend on their prompts. `most` is log N, the most that I(X;Z) can be."""

    problems: int
    traces: int
    unknown: int
    most: float
    sequence: Information
    token: Information
    retrieval: list[Retrieval]


class Cost(Reply):
    seconds: dict[str, float]
    peak_bytes: int
    sampled_tokens: int
    scored_tokens: int
    embedded_sentences: int


class Behaviour(Reply):
    """What an analysis came to. `pivotal` begins with all categories together."""

    problems: int
    traces: int
    tokens: int
    correct: int
    truncated: int
    unknown: int
    entropy: Figure
    pivotal: list[Kind]
    reflective: Kind
    rare: Rare | None
    collapse: Collapse | None
    cost: Cost | None
    remarks: list[str]


class RunBehaviour(Reply):
    """An analysis. `behaviour` is None until it has looked at a problem; `regime` needs the same
    analysis of the untrained model."""

    run_id: int
    status: RunStatus
    step: int
    settings: AnalysisSettings
    behaviour: Behaviour | None
    regime: Regime | None


class RareSentences(Reply):
    """The rarest sentences, rarest first, each with its nearest of the untrained model."""

    threshold: float
    base_threshold: float
    sentences: int
    base_sentences: int
    shown: list[RareSentence]


class TracePage(Reply):
    """Traces token by token, with words and sentences as ranges of tokens."""

    traces: list[ShownTrace]
    total: int
