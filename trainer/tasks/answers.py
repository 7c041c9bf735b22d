"""The final answer of a maths completion, and when it equals the reference.

What is stated last counts: the last of `\\boxed{...}`, a line `Answer: ...` and a line `#### ...`.
Where the reference is a plain number, the answer has to be one as well and equal exactly: an
integer, a decimal or a fraction, in digits 0 to 9. Thousands commas, a leading `$`, a sign of
percent or degrees, a unit in `\\text{...}`, `x =` in front and a full stop behind are no part of
it; arithmetic, powers, 1e5 and several numbers are no plain numbers.
"""

import re
from fractions import Fraction

from assets.formats import closing_brace

LONGEST = 300
MARKS = re.compile(
    r"\\boxed\s*(?=\{)|^[ \t*]*(?:Answer|Final answer):[ \t*]*|^[ \t]*####[ \t]*",
    re.MULTILINE | re.IGNORECASE,
)
INTEGER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
PLAIN = re.compile(rf"([-+]?)(?:({INTEGER})?\.([0-9]+)|({INTEGER})\.?)", re.ASCII)
FRACTION = re.compile(
    r"([-+]?)(?:([0-9]+)\s*/\s*([0-9]+)"
    r"|\\frac\s*\{\s*(-?[0-9]+)\s*\}\s*\{\s*(-?[0-9]+)\s*\}|\\frac\s*([0-9])\s*([0-9]))",
    re.ASCII,
)
WRAPS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), ("**", "**"))
NAMED = re.compile(r"^[A-Za-z]\s*=\s*")
UNIT = re.compile(
    r"(?:\\?%|\^\s*\\circ|\^\s*\{\s*\\circ\s*\}|\\degree|°"
    r"|\\(?:text|mbox|mathrm)\s*\{[A-Za-z .]*\}(?:\^\{?[23]\}?)?)\s*$"
)


def extract(completion: str) -> str | None:
    """What is stated last; None where nothing is, where it is empty or where a box has no end."""
    marks = list(MARKS.finditer(completion))
    if not marks:
        return None
    last = marks[-1]
    rest = completion[last.end() :]
    if not last[0].startswith("\\boxed"):
        return tidy(rest.partition("\n")[0]) or None
    end = closing_brace(rest)
    return tidy(rest[1:end]) or None if end > 0 else None


def tidy(text: str) -> str:
    """Without what surrounds an answer in a sentence: blanks, dollars, a full stop."""
    before = None
    text = text.strip()
    while text != before:
        before = text
        text = text.removesuffix(".").strip()
        for start, end in WRAPS:
            if text.startswith(start) and text.endswith(end) and len(text) >= len(start + end):
                text = text[len(start) : len(text) - len(end)].strip()
    return text


def number_of(text: str) -> Fraction | None:
    """The plain number that the text is, or None."""
    if len(text) > LONGEST:
        return None
    text = NAMED.sub("", UNIT.sub("", tidy(text)).strip())
    text = text.removeprefix("\\$").removeprefix("$")
    text = text.replace("\\!", "").replace("\\,", "").strip()
    text = re.sub(r"\\[dt]frac", r"\\frac", text)
    if found := PLAIN.fullmatch(text):
        sign, before, after, whole = found.groups()
        digits = (whole or before or "0").replace(",", "")
        return Fraction(f"{sign}{digits}.{after or '0'}")
    if found := FRACTION.fullmatch(text):
        sign, *parts = found.groups()
        above, below = (int(part) for part in parts if part is not None)
        return Fraction(above, below) * (-1 if sign == "-" else 1) if below else None
    return None
