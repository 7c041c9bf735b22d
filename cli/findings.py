"""What an examination finds: is it well, and if not, what to type."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """`subject` is what was looked at; `remedy` is what to do about what was found, if anything."""

    subject: str
    level: Level
    message: str
    remedy: str = ""


def ok(subject: str, message: str) -> Finding:
    return Finding(subject, Level.OK, message)


def warning(subject: str, message: str, remedy: str) -> Finding:
    return Finding(subject, Level.WARNING, message, remedy)


def error(subject: str, message: str, remedy: str) -> Finding:
    return Finding(subject, Level.ERROR, message, remedy)


def worst(findings: Sequence[Finding]) -> Level:
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.ERROR, Level.WARNING) if level in levels), Level.OK)
