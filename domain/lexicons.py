"""Which words count as pivotal and which sentences as reflective: lists that a user may replace.

A phrase is one or more words as they are written, in any case: `on the other hand`. A word that
ends in a star stands for every word that begins so: `verif*`. Nothing else has a meaning, so no
list can be one that takes for ever to match.
"""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from domain.errors import invalid
from domain.schemas import Strict
from domain.wordlists import COUNTDOWN, ENGLISH, REFLECTIVE

MOST_PHRASES = 1000
PATTERN = r"^[a-z][a-z0-9_ -]*$"


def written_plainly(phrase: str) -> str:
    words = phrase.split()
    if not words:
        raise ValueError("a phrase needs a word")
    if any("*" in word[:-1] for word in words):
        raise ValueError("a star stands for any ending, at the end of a word alone")
    return " ".join(words)


Phrase = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(written_plainly)]
Category = Annotated[str, Field(min_length=1, max_length=40, pattern=PATTERN)]


class Lexicon(Strict):
    """Phrases by category, and those that make a sentence reflective.

    `name` says which list and which version of it a figure came of: change a list, change its name.
    `language` (ISO 639) is that of the sentences; `ends` are strings after which one ends besides
    a full stop and a line, such as the comma between two steps of countdown.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "en"
    words: Annotated[
        dict[Category, Annotated[list[Phrase], Field(min_length=1)]],
        Field(min_length=1, max_length=12),
    ]
    reflective: Annotated[list[Phrase], Field(max_length=500)] = Field(default_factory=list)
    ends: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=10)]], Field(max_length=10)
    ] = Field(default_factory=list)

    @model_validator(mode="after")
    def each_phrase_once(self) -> Self:
        seen: dict[str, str] = {}
        for category, phrase in self.phrases():
            known = seen.setdefault(phrase.casefold(), category)
            if known != category:
                raise ValueError(f"{phrase!r} is in {known} and in {category}; keep one of them")
        if len(seen) > MOST_PHRASES:
            raise ValueError(f"has {len(seen):,} phrases; at most {MOST_PHRASES:,} are allowed")
        return self

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Each with its category."""
        for category, phrases in self.words.items():
            for phrase in phrases:
                yield category, phrase


LEXICONS = {
    lexicon.name: lexicon
    for lexicon in [
        Lexicon(name="english-1", words=ENGLISH, reflective=REFLECTIVE),
        Lexicon(name="countdown-1", words=COUNTDOWN, ends=[","]),
    ]
}
VOCABULARIES = {"countdown": "countdown-1"}
"""Tasks with words of their own; every other is read as English."""


def as_written(lexicon: Lexicon) -> Lexicon:
    """With its categories in their order, where it ships: the database keeps none."""
    shipped = LEXICONS.get(lexicon.name)
    return shipped if shipped == lexicon else lexicon


def find_lexicon(asked: Lexicon | str | None, task: str) -> Lexicon:
    """One that was written out, one that ships, or that of the task. Raises Invalid."""
    if isinstance(asked, Lexicon):
        return asked
    name = asked or VOCABULARIES.get(task, "english-1")
    if name not in LEXICONS:
        known = ", ".join(LEXICONS)
        raise invalid("lexicon", f"no lexicon named {name!r}; known: {known}, or write one out")
    return LEXICONS[name]
