"""Sentences of a completion: a library finds the full stops, and formulas and lines are ours.

A formula may hold full stops and break over lines, and no sentence ends in it; outside of one a
line always ends a sentence, since who writes `Step 2:` on a line of its own means it so.
"""

import re
from collections.abc import Iterator, Sequence

from sentencex import get_sentence_boundaries

from domain.schemas import Span

FORMULA = re.compile(
    r"\$\$.{1,2000}?\$\$|\\\[.{1,2000}?\\\]|\\\(.{1,500}?\\\)|(?<![\\$])\$(?!\s)[^$\n]{1,500}?(?<!\s)\$",
    re.DOTALL,
)
LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
STAND_IN = "x"
NUMBERING = re.compile(r"\s*\(?(\d{1,3}|[A-Za-z])[.)]\s*")


def split_sentences(text: str, language: str = "en", ends: Sequence[str] = ()) -> list[Span]:
    """Where each begins and ends in `text`, without white space around it.

    What holds neither a letter nor a digit, such as a rule of dashes, is none. Each of `ends` ends
    a sentence wherever it stands outside a formula.
    """
    plain = FORMULA.sub(lambda found: STAND_IN * len(found[0]), text)
    spans = (
        part
        for line in LINE.finditer(plain)
        for sentence in within_line(line[0], language)
        for part in cut(plain, shifted(sentence, line.start()), ends)
    )
    return [found for span in spans if (found := trimmed(text, span))]


def within_line(line: str, language: str) -> list[Span]:
    """A list's number belongs to what it numbers."""
    spans: list[Span] = []
    for one in get_sentence_boundaries(language, line):
        begin, end = one["start_index"], one["end_index"]
        if spans and NUMBERING.fullmatch(line, *spans[-1]):
            begin = spans.pop().begin
        spans.append(Span(begin, end))
    return spans


def cut(text: str, span: Span, ends: Sequence[str]) -> Iterator[Span]:
    begin = span.begin
    if ends:
        for found in re.finditer("|".join(map(re.escape, ends)), text[span.begin : span.end]):
            yield Span(begin, span.begin + found.end())
            begin = span.begin + found.end()
    yield Span(begin, span.end)


def shifted(span: Span, by: int) -> Span:
    return Span(span.begin + by, span.end + by)


def trimmed(text: str, span: Span) -> Span | None:
    inner = text[span.begin : span.end]
    if not any(map(str.isalnum, inner)):
        return None
    begin = span.begin + len(inner) - len(inner.lstrip())
    return Span(begin, begin + len(inner.strip()))
