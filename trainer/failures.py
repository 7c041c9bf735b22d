"""The errors a trainer can name, and the exit code of each."""

from domain.errors import Invalid
from domain.lifecycle import ExitCode


class BadData(Exception):
    """Files that a run needs are missing or unreadable."""


class Drained(Exception):
    """Asked to stop, and stopped between two steps."""
