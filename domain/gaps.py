"""How much higher entropy is at some tokens than at others, alone and with like set against like.

Entropy depends on the place in a trace and on how hard the problem is, and so may the words. So a
difference is shown five ways, each a regression of entropy on being one of the tokens, with a
constant for each stratum:

- all           no strata: one mean minus the other
- position      within tenths of the trace
- problem       within problems
- both          within tenths of each problem's traces
- word starts   only tokens that begin a word or a sign: the rest of a word is mostly certain
"""

from dataclasses import dataclass

import numpy as np

from domain.resampling import Estimates, Floats, Statistic, ratio, standard_error

DECILES = 10


@dataclass(frozen=True)
class Side:
    """Tokens, or sentences: how many, and their sum of entropies; both (problems, strata)."""

    n: Floats
    total: Floats

    def merged(self) -> "Side":
        return Side(self.n.sum(1, keepdims=True), self.total.sum(1, keepdims=True))

    def less(self, other: "Side") -> "Side":
        return Side(self.n - other.n, self.total - other.total)


@dataclass(frozen=True)
class Split:
    """The tokens in question and those they are set against."""

    inside: Side
    outside: Side

    def merged(self) -> "Split":
        return Split(self.inside.merged(), self.outside.merged())

    @property
    def present(self) -> int:
        """Problems that have tokens of the kind."""
        return int((self.inside.n.sum(1) > 0).sum())

    @property
    def telling(self) -> int:
        """Problems that have tokens of the kind, or any of the rest, whichever are fewer, in strata
        where there are both."""
        sides = self.inside.n, self.outside.n
        filled = np.all([n.sum(0) > 0 for n in sides], axis=0)
        return min(int(n[:, filled].any(1).sum()) for n in sides)

    @property
    def compared(self) -> int:
        """Problems that have both in one stratum."""
        return int(((self.inside.n > 0) & (self.outside.n > 0)).any(1).sum())


def across(split: Split) -> Statistic:
    """The difference within strata that all problems share.

    D = sum_s v_s (mean inside - mean outside) / sum_s v_s with v = n m / (n + m): the coefficient
    of a regression with a constant for each stratum. A problem's influence on it is linear in its
    counts and totals, with weights that each draw has of its own.
    """
    parts = (split.inside.total, split.inside.n, split.outside.total, split.outside.n)

    def taken(weights: Floats) -> Estimates:
        a, n, b, m = (weights @ part for part in parts)
        with np.errstate(invalid="ignore", divide="ignore"):
            filled = (n > 0) & (m > 0)
            share = np.where(filled, n / (n + m), 0.0)
            v = np.where(filled, n * (1 - share), 0.0)
            size = v.sum(1, keepdims=True)
            level = np.where(filled, a / n, 0.0), np.where(filled, b / m, 0.0)
            value = (v * (level[0] - level[1])).sum(1, keepdims=True) / size
            middle = share * level[0] + (1 - share) * level[1]
            inside, outside = (1 - share) * filled / size, -share * filled / size
            influence = (
                inside @ parts[0].T
                - (inside * (middle + value * (1 - share))) @ parts[1].T
                + outside @ parts[2].T
                - (outside * (middle - value * share)) @ parts[3].T
            )
            squares = (weights * influence**2).sum(1)
        return Estimates(value[:, 0], standard_error(squares, len(parts[0])))

    return taken


def within(split: Split) -> Statistic:
    """The difference within strata that each problem has for itself: a ratio of sums over them."""
    a, n, b, m = (split.inside.total, split.inside.n, split.outside.total, split.outside.n)
    filled = (n > 0) & (m > 0)
    safe = np.where(filled, n + m, 1.0)
    size = np.where(filled, n * m / safe, 0.0)
    gain = np.where(filled, (a * m - b * n) / safe, 0.0)
    return ratio(gain.sum(1), size.sum(1))
