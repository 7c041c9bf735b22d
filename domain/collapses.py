"""Do traces still depend on their prompts? Mutual information by scoring each under every prompt.

With N prompts x_j and K traces each, of which z_ik came of x_i (Wang et al., arXiv 2604.06268):

    matched  = log p(z_ik | x_i)
    marginal = log (1 / N) sum_j p(z_ik | x_j)
    I(X;Z) ~ mean(matched - marginal)    H(Z|X) ~ -mean(matched)    H(Z) ~ -mean(marginal)

I is at most log N: the prompts are told apart or not. Per token, sums of nats are divided by sums
of tokens. Retrieval at k is how often a trace's own prompt is among the k that make it likeliest.

Every problem is in every marginal, so problems do not count one by one: intervals are the
jackknife's, which leaves each out as a prompt and with its traces (Efron and Stein 1981).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from domain.intervals import two_sided
from domain.resampling import Figure, Floats

RETRIEVED = (1, 2, 4, 8)
HALF = 0.5

Regime = Literal["diverse", "template collapse", "compressed", "entropy collapse"]


@dataclass(frozen=True)
class Scores:
    """log p of shape (N, K, N): of each problem's traces under each problem's prompt.

    `lengths` (N, K) are the traces' tokens. A trace with any value that is no number is left out.
    """

    logs: Floats
    lengths: Floats

    @property
    def known(self) -> Floats:
        """1 for a trace that can be judged, of shape (N, K)."""
        known: Floats = (np.isfinite(self.logs).all(2) & (self.lengths > 0)).astype(np.float64)
        return known


@dataclass(frozen=True)
class Retrieval:
    """The share of traces whose own prompt is among the `k` likeliest; `chance` is k / N."""

    k: int
    share: Figure
    chance: float


@dataclass(frozen=True)
class Information:
    """In nats, by trace or by token."""

    mutual: Figure
    conditional: Figure
    marginal: Figure


@dataclass(frozen=True)
class Collapse:
    """`most` is log N, the most that the mutual information of a trace can be."""

    problems: int
    traces: int
    unknown: int
    most: float
    sequence: Information
    token: Information
    retrieval: tuple[Retrieval, ...]


def assess(scores: Scores) -> Collapse | None:
    """None where fewer than two problems have a trace that can be judged."""
    known = scores.known
    chosen = known.any(axis=1)
    kept = Scores(scores.logs[chosen][:, :, chosen], scores.lengths[chosen])
    unknown = int(known.size - known.sum())
    if chosen.sum() < 2:
        return None
    problems, sums = len(kept.logs), Totals.of(kept)
    return Collapse(
        problems=problems,
        traces=int(sums.traces.sum()),
        unknown=unknown,
        most=float(np.log(problems)),
        sequence=inform(sums, sums.traces),
        token=inform(sums, sums.tokens),
        retrieval=tuple(
            Retrieval(k, bounded(sums.retrieval(k), 0.0, 1.0), k / problems)
            for k in RETRIEVED
            if k < problems
        ),
    )


@dataclass(frozen=True)
class Totals:
    """Sums over each problem's traces, with every prompt there (N,), and with prompt j left out.

    `marginal`, `ahead` and `tied` have a first axis of N + 1: nothing left out comes last. The two
    count by trace the prompts that make it likelier than its own, and as likely.
    """

    traces: Floats
    tokens: Floats
    matched: Floats
    marginal: Floats
    ahead: Floats
    tied: Floats
    known: Floats

    @classmethod
    def of(cls, scores: Scores) -> "Totals":
        known = scores.known
        logs = np.where(known[:, :, None] > 0, scores.logs, 0.0)
        own = np.einsum("iki->ik", logs)
        others = ~np.eye(len(logs), dtype=bool)[:, None, :]
        return cls(
            traces=known.sum(1),
            tokens=(known * scores.lengths).sum(1),
            matched=(known * own).sum(1),
            marginal=(known * marginals(logs)).sum(2),
            ahead=counted((logs > own[:, :, None]) & others),
            tied=counted((logs == own[:, :, None]) & others),
            known=known,
        )

    def retrieval(self, k: int) -> "Parts":
        """Of those that are as likely, as many as there is room for, in no order."""
        share = np.clip((k - self.ahead) / (self.tied + 1), 0.0, 1.0)
        found = (self.known * share).sum(2)
        return Parts(found, np.broadcast_to(self.traces, found.shape))


@dataclass(frozen=True)
class Parts:
    """Of a ratio of sums, (N + 1, N) each: by what is left out, and by problem."""

    totals: Floats
    sizes: Floats


def counted(prompts: NDArray[np.bool_]) -> Floats:
    """Of (N, K, N) how many by trace, with each prompt left out and with none: (N + 1, N, K)."""
    whole = prompts.sum(2)
    return np.stack([*(whole - prompts[:, :, j] for j in range(prompts.shape[2])), whole]).astype(
        np.float64
    )


def inform(sums: Totals, sizes: Floats) -> Information:
    matched = np.broadcast_to(sums.matched, sums.marginal.shape)
    each = np.broadcast_to(sizes, matched.shape)
    return Information(
        mutual=bounded(Parts(matched - sums.marginal, each)),
        conditional=bounded(Parts(-matched, each), least=0.0),
        marginal=bounded(Parts(-sums.marginal, each), least=0.0),
    )


def marginals(logs: Floats) -> Floats:
    """Of (N, K, N) the log of the mean over prompts, with each left out and with none: (N + 1, N,
    K). What is left out is taken from the whole sum, except where it is most of it."""
    number = logs.shape[2]
    most = logs.argmax(axis=2, keepdims=True)
    highest = np.take_along_axis(logs, most, axis=2)
    parts = np.exp(logs - highest)
    whole = parts.sum(axis=2, keepdims=True)
    left = whole - parts
    np.put_along_axis(left, most, 1.0, axis=2)
    without = highest + np.log(left)
    others = logs.copy()
    np.put_along_axis(others, most, -np.inf, axis=2)
    second = others.max(axis=2, keepdims=True)
    remainder = second + np.log(np.exp(others - second).sum(axis=2, keepdims=True))
    np.put_along_axis(without, most, remainder, axis=2)
    found: Floats = np.concatenate(
        [without - np.log(number - 1), highest + np.log(whole) - np.log(number)], axis=2
    )
    return np.moveaxis(found, 2, 0)


def bounded(parts: Parts, least: float = -np.inf, most: float = np.inf) -> Figure:
    """A ratio of sums over problems, with the interval of a delete-one jackknife."""
    number = parts.totals.shape[1]
    value = float(parts.totals[-1].sum() / parts.sizes[-1].sum())
    others = 1 - np.eye(number)
    without = (parts.totals[:-1] * others).sum(1) / (parts.sizes[:-1] * others).sum(1)
    if number < 3:
        return Figure(value)
    spread = ((without - without.mean()) ** 2).sum() * (number - 1) / number
    half = two_sided(number - 1) * float(np.sqrt(spread))
    return Figure(value, max(value - half, least), min(value + half, most))


def name_regime(one: Collapse, untrained: Collapse | None) -> Regime | None:
    """By a stated rule. None where there is no untrained model to measure diversity by.

    Dependence is high where I(X;Z) is at least half of the log N it could be. Diversity is high
    where H(Z|X) per token is at least half of the untrained model's.
    """
    if untrained is None:
        return None
    depends = known(one.sequence.mutual) >= HALF * one.most
    diverse = known(one.token.conditional) >= HALF * known(untrained.token.conditional)
    if diverse:
        return "diverse" if depends else "template collapse"
    return "compressed" if depends else "entropy collapse"


def known(figure: Figure) -> float:
    """Of a collapse that was assessed, whose figures all have values."""
    return figure.value if figure.value is not None else float("nan")
