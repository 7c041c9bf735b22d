"""Why a trainer stops early; `trainer/attempts.py` alone knows the exit code of each."""


class BadData(Exception):
    """Files that a run needs are missing or unreadable."""


class Ended(Exception):
    """Another process did the work and ended early, with this exit code and these words, if any."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Drained(Exception):
    """Asked to stop, and stopped between two steps."""
