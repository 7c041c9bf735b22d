"""The advantages of Pass@k training: a completion is worth what it adds to a set of k."""

from functools import lru_cache
from math import comb, sqrt

import torch
from torch import Tensor


def pass_at_k_advantages(correct: Tensor, k: int, scaled: bool = True) -> Tensor:
    """The advantage of each completion, (P, N), from whether it is correct, (P, N) booleans.

    Chen et al., arXiv 2508.10751, the analytical derivation. Of the N completions of a prompt, of
    which W are wrong, each of the C(N, k) sets of k has the reward 1 if it holds a correct one, so

        R     = 1 - C(W, k) / C(N, k)                             the sets' mean reward
        sigma = sqrt(R (1 - R))                                   and its standard deviation
        A     = (1 - R) / sigma                                   of a correct completion
        A     = (1 - R - C(W - 1, k - 1) / C(N - 1, k - 1)) / sigma      of a wrong one

    which is the mean of (reward - R) / sigma over the sets that a completion is in. A prompt's
    advantages sum to 0, and are all 0 where every set has the same reward: where no completion is
    correct, and where fewer than k are wrong. Not `scaled` leaves the division by sigma out.
    """
    size = correct.shape[1]
    counts: list[int] = correct.sum(1).tolist()
    pairs = [wrong_and_right(size, count, k, scaled) for count in counts]
    table = torch.tensor(pairs, dtype=torch.float32, device=correct.device)
    return table.gather(1, correct.long())


@lru_cache(maxsize=8192)
def wrong_and_right(size: int, correct: int, k: int, scaled: bool) -> tuple[float, float]:
    """The two advantages of a group. C(W-1, k-1) / C(N-1, k-1) is (1 - R) N / W."""
    wrong = size - correct
    failing = comb(wrong, k) / comb(size, k)
    if failing in (0.0, 1.0):
        return 0.0, 0.0
    sigma = sqrt(failing * (1 - failing)) if scaled else 1.0
    return -failing * correct / wrong / sigma, failing / sigma
