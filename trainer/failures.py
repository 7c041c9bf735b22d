"""Why a trainer stops early; `trainer/attempts.py` alone knows the exit code of each."""


class BadData(Exception):
    """Files that a run needs are missing or unreadable."""


class Drained(Exception):
    """Asked to stop, and stopped between two steps."""
