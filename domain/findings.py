"""What an analysis finds, as it is said and stored: counts and sums, of which figures are derived.

Cells are rows of numbers, since there are many. A `decile` is a token's or a sentence's position
in its trace, 0 for the first tenth; a `total` is a sum of entropies in nats over `n` of them.
Entropies and likelihoods that are not finite, as a diverged model has, are left out and counted.
"""

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from domain.marks import WordMark


class Found(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenCell(NamedTuple):
    """Tokens of one `category` ("" where no listed word is). `start` is 1 for the first token of a
    word, 0 for the others: the rest of a listed word has its category and is no pivotal token."""

    category: str
    start: int
    decile: int
    n: int
    total: float


class SentenceCell(NamedTuple):
    """Sentences, `marked` 1 where they are reflective (or rare); `total` sums their means."""

    marked: int
    decile: int
    n: int
    total: float


class TokenTally(Found):
    """All traces of one problem: entropies by kind of token and of sentence.

    Of `traces`, `correct` were, and `truncated` ran into the limit. `unknown` tokens had an entropy
    that is no number.
    """

    part: Literal["tokens"] = "tokens"
    number: int
    traces: int
    correct: int
    truncated: int
    tokens: int
    unknown: int
    cells: list[TokenCell]
    sentences: list[SentenceCell]


class Sums(Found):
    """By problem, how many of a kind, and their sum of entropies."""

    n: list[int]
    total: list[float]


class Digest(Found):
    """All tallies at once and without tenths, small: what figures of many analyses are made of.

    Lists are by problem, in the order of `problems`, their numbers. `words` are first tokens of
    listed words by category, `rest` tokens of no listed word, `every` all; `reflective` and `rare`
    are sentences, beside the others. None where no sentence was compared.
    """

    part: Literal["digest"] = "digest"
    number: int = 0
    problems: list[int]
    tokens: list[int]
    traces: int
    correct: int
    truncated: int
    every: Sums
    rest: Sums
    words: dict[str, Sums]
    reflective: Sums
    unreflective: Sums
    rare: Sums | None
    common: Sums | None


class ScoreColumn(Found):
    """log p in nats of every scored trace under the prompt of problem `number`.

    `scores` and `lengths`, the traces' tokens, are by problem and trace; None is no number.
    """

    part: Literal["scores"] = "scores"
    number: int
    lengths: list[list[int]]
    scores: list[list[float | None]]


class RareTally(Found):
    """All sentences of one problem: entropies of rare ones and of others.

    `beyond` counts those farther out than all but `share` of the untrained model's own.
    """

    part: Literal["rare"] = "rare"
    number: int
    sentences: int
    distance: float
    beyond: int
    cells: list[SentenceCell]


class Neighbour(Found):
    """One of the untrained model's sentences; `problem` is its number."""

    problem: int
    text: str
    distance: float


class RareSentence(Found):
    """A rare sentence to read, with the nearest of the untrained model beside it."""

    problem: int
    trace: int
    text: str
    distance: float
    entropy: float | None
    nearest: list[Neighbour]


class RareList(Found):
    """The rarest sentences, rarest first. From `threshold` on a sentence is rare; beyond
    `base_threshold` it is farther out than all but `share` of the untrained model's own."""

    part: Literal["rare_list"] = "rare_list"
    number: int = 0
    threshold: float
    base_threshold: float
    sentences: int
    base_sentences: int
    shown: list[RareSentence]


class ShownSentence(NamedTuple):
    """From its first to its last token; `distance` is None where nothing was embedded."""

    first: int
    last: int
    reflective: bool
    rare: bool
    distance: float | None


class ShownTrace(Found):
    """One trace, token by token; the token texts make up the completion when they are joined."""

    part: Literal["trace"] = "trace"
    number: int
    problem: int
    question: str
    prompt: str
    correct: bool
    truncated: bool
    tokens: list[str]
    entropies: list[float | None]
    words: list[WordMark]
    sentences: list[ShownSentence]


class Cost(Found):
    """What the analysis took: seconds by part, memory at its peak, and how much was computed."""

    part: Literal["cost"] = "cost"
    number: int = 0
    seconds: dict[str, float]
    peak_bytes: int
    sampled_tokens: int
    scored_tokens: int
    embedded_sentences: int


Finding = Annotated[
    TokenTally | Digest | ScoreColumn | RareTally | RareList | ShownTrace | Cost,
    Field(discriminator="part"),
]
