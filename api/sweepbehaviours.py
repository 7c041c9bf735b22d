"""What the API answers about the analyses of a sweep: arm by arm, and against a baseline.

Every interval is of 95 %; `over` names the noise it contains. Its ends are None where too few
problems have any of what is measured.
"""

from api.behaviours import Collapse, EntropyGap, Figure
from api.schemas import Reply
from domain.analyses import AnalysisSettings
from domain.armbehaviours import Measure, Of
from domain.bonuses import TokenOf
from domain.collapses import Regime
from domain.contrasts import Noise
from domain.lifecycle import RunStatus


class Inquiry(Reply):
    """One way in which the sweep's runs are looked at, and its analyses by status."""

    key: str
    settings: AnalysisSettings
    analyses: dict[RunStatus, int]


class KindFigures(Reply):
    """One kind of token or sentence: how many in all seeds, in how many problems at least.

    `per_thousand` tokens, `mean` entropy in nats, that of the `rest`, and the `gap` between both.
    """

    name: str
    of: Of
    count: int
    problems: int
    per_thousand: Figure
    mean: Figure
    rest: Figure
    gap: Figure


class ArmFigures(Reply):
    """An arm after a step: over `seeds`, of which the untrained model, after step 0, has none.

    `correct` and `truncated` are shares of its traces. `kinds` begin with all words together.
    """

    arm: str
    step: int
    seeds: list[int]
    run_ids: list[int]
    over: Noise
    problems: int
    traces: int
    tokens: int
    correct: float
    truncated: float
    entropy: Figure
    kinds: list[KindFigures]


class CollapseOfRun(Reply):
    """How far the traces of a run depend on their prompts, after a step. `regime` needs the same
    analysis of the untrained model, which has no subject and no seed itself."""

    run_id: int
    subject_id: int | None
    arm: str
    seed: int | None
    step: int
    collapse: Collapse
    regime: Regime | None


class SweepBehaviour(Reply):
    """What the analyses of one inquiry found; `inquiries` are all of the sweep, the latest first.

    The untrained model comes first, then the arms in the order of the sweep, step by step.
    """

    sweep_id: int
    baseline: str
    inquiries: list[Inquiry]
    inquiry: str | None
    arms: list[ArmFigures]
    collapses: list[CollapseOfRun]
    remarks: list[str]


class BehaviourDifference(Reply):
    """An arm's figure less the baseline's, over the `seeds` that both have; none: over all of both.

    `p` is of no difference, `adjusted_p` allows for every arm, kind and measure; None with a `note`
    why.
    """

    arm: str
    name: str
    of: Of
    measure: Measure
    delta: Figure
    p: float | None
    adjusted_p: float | None
    over: Noise
    seeds: list[int]
    note: str


class BehaviourDifferences(Reply):
    """`step` is None where each arm is taken after its own last one. `missing` says why there is
    nothing to set arms against."""

    baseline: str
    step: int | None
    differences: list[BehaviourDifference]
    missing: str | None


class KindGaps(Reply):
    """How much more entropy one kind has than the rest, in every view; `profile` and
    `rest_profile` are mean entropies by tenth of the trace."""

    name: str
    of: Of
    gaps: list[EntropyGap]
    profile: list[float | None]
    rest_profile: list[float | None]


class ArmGaps(Reply):
    arm: str
    step: int
    seeds: list[int]
    run_ids: list[int]
    over: Noise
    kinds: list[KindGaps]


class BonusPoint(Reply):
    """At a step, over `seeds` that have any such tokens, of which there are `tokens` in all.

    Intervals are over seeds; of one seed there are none. `share` is psi/|A|, of tokens that have an
    advantage.
    """

    step: int
    seeds: int
    tokens: int
    entropy: Figure
    share: Figure
    capped: Figure


class TokenBonus(Reply):
    """Of first tokens of listed words, of tokens in reflective sentences, or of all in no word."""

    name: str
    of: TokenOf
    points: list[BonusPoint]


class ArmBonuses(Reply):
    """Where an arm's bonus went, in the completions its runs kept. Without `kappa` it has none."""

    arm: str
    lexicon: str
    kappa: float | None
    seeds: list[int]
    kinds: list[TokenBonus]
