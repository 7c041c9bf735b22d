"""What a run needs its worker to understand: an older one would not know all that the run says.

What workers understand is one number. A worker registers its own, a run states the least that it
needs, and a claim compares the two.
"""

from domain.runs import RunSpec, determinants

OLDEST = 1
"""What is taken for understood by a worker from before workers said it."""

UNDERSTOOD = 2
"""What this code understands. Raised, with a line in SINCE, whenever a run can say something new or
something else is made of what it says: a new recipe is `recipe=3`."""

SINCE = {"analysis": 2, "train.keep_every": 2}
"""Since when a field is understood, or of an older field a value: `method.method=grpo`."""


def needed(spec: RunSpec) -> int:
    """The least that a worker has to understand to run it: no more than what the run says."""
    said = determinants(spec)
    return max((since for place, since in SINCE.items() if is_said(said, place)), default=OLDEST)


def is_said(said: object, place: str) -> bool:
    path, _, value = place.partition("=")
    for name in path.split("."):
        if not isinstance(said, dict) or name not in said:
            return False
        said = said[name]
    return value in ("", str(said))
