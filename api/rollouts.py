"""What the API answers of rollouts: kept training completions, and where there are any."""

from api.schemas import Reply
from domain.marks import Stretch, WordMark


class RolloutGroup(Reply):
    """The completions of one problem that a run keeps at a step; `key` names the problem.

    Of so many `completions`, `correct` were. `mean_entropy` is over their tokens, in nats, and None
    where none is a number. In a `flat` group no token has an advantage other than 0.
    """

    key: str
    problem: str
    prompt: str
    completions: int
    correct: int
    mean_tokens: float
    mean_entropy: float | None
    flat: bool


class Rollout(Reply):
    """One training completion; its text is `tokens` joined.

    The per-token lists are as long as `tokens`, with None where a value was NaN or infinite.
    Entropies are in nats, advantages before shaping, psi in units of the advantage. `words` are
    listed ones, from their first token to their last, and `reflective` sentences.
    """

    step: int
    index: int
    key: str
    problem: str
    prompt: str
    tokens: list[str]
    entropies: list[float | None]
    advantages: list[float | None]
    psi: list[float | None]
    reward: float | None
    correct: bool
    words: list[WordMark]
    reflective: list[Stretch]


class RolloutPage(Reply):
    """`steps` are all the run keeps any of, `groups` all of `step`; `rollouts` those asked for,
    of `total` in all. Words of `categories` are marked, as the `lexicon` lists them."""

    run_id: int
    steps: list[int]
    step: int | None
    groups: list[RolloutGroup]
    total: int
    rollouts: list[Rollout]
    lexicon: str
    categories: list[str]


class KeptProblem(Reply):
    key: str
    problem: str


class KeptGroup(Reply):
    """Of the completions of the problem with that `key`, so many were correct."""

    key: str
    completions: int
    correct: int


class KeptRun(Reply):
    run_id: int
    arm: str
    seed: int
    groups: list[KeptGroup]


class RolloutIndex(Reply):
    """`steps` are those at which any run keeps completions; `problems` and `runs` are of `step`."""

    steps: list[int]
    step: int | None
    problems: list[KeptProblem]
    runs: list[KeptRun]
