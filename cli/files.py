"""The files that commands are given: what they hold, or why they cannot be used, in words."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import yaml

from cli.errors import BadInput
from domain.mistakes import explain

T = TypeVar("T")
STANDARD_INPUT = Path("-")


class PlainLoader(yaml.CSafeLoader):
    """What JSON has: a date is text."""

    yaml_implicit_resolvers = {
        first: [found for found in resolvers if not found[0].endswith(":timestamp")]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def load_plain(text: str) -> object:
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a subclass of the safe loader


def read_text(file: Path) -> str:
    """Of `-`, what comes on standard input. Raises BadInput."""
    try:
        return sys.stdin.read() if file == STANDARD_INPUT else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, error) from error


def read_yaml(file: Path, read: Callable[[str], T]) -> T:
    """What `read` makes of its text. Raises BadInput with the place of what is wrong in it.

    It has to read by libyaml, as the server does: yaml's own readers fail in other words.
    """
    text = read_text(file)
    try:
        return read(text)
    except yaml.MarkedYAMLError as error:
        wrong = explain(text, error.problem, error.problem_mark, error.context_mark)
        raise BadInput(f"{file}, {wrong.message}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadInput(f"{file} is not YAML: {error}") from error


def unreadable(file: Path, error: OSError | UnicodeDecodeError) -> BadInput:
    if isinstance(error, UnicodeDecodeError):
        return BadInput(f"{file} is not text in UTF-8; save it as that")
    if isinstance(error, FileNotFoundError):
        where = "" if file.is_absolute() else f" in {Path.cwd()}"
        return BadInput(f"{file}: there is no such file{where}; check its name")
    if isinstance(error, IsADirectoryError):
        return BadInput(f"{file} is a folder; name a file")
    return BadInput(f"{file} cannot be read: {error.strerror}")
