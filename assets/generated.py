"""The problems of a generated family, made once by another process and kept with the datasets.

`assets/generate.py` says why it is another process. Its work is kept in `.generated`, where a
damaged file changes the task's version and so cannot change a result unseen.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

from assets.families import PACKAGE_VERSION, check_family, drawn_by_default
from assets.problems import FEWEST, Item, distinct
from domain.errors import invalid
from domain.runs import Parameter, TaskSettings

PROGRAM = [sys.executable, "-m", "assets.generate"]
HOME = Path(__file__).parents[1]
SECONDS = 600
LARGEST = 200_000
FIELD = "task_settings.parameters"
TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")

being_made: defaultdict[tuple[str, str, Path], Lock] = defaultdict(Lock)
"""Whoever asks for the same problems waits; whoever asks for others does not."""


def complete(family: str, settings: TaskSettings) -> dict[str, Parameter]:
    """All that the family's problems follow from. Raises Invalid for an impossible size."""
    whole = {"seed": 0, "size": drawn_by_default(family), **settings.parameters}
    size, seed = whole["size"], whole["seed"]
    if type(size) is not int or not FEWEST <= size <= LARGEST:
        raise invalid(f"{FIELD}.size", f"must be a whole number in {FEWEST}..{LARGEST:,}")
    if type(seed) is not int or not 0 <= seed < 2**31:
        raise invalid(f"{FIELD}.seed", "must be a whole number in 0..2,147,483,647")
    return whole


def find_problems(family: str, settings: TaskSettings, root: Path) -> list[Item]:
    """The family's distinct problems, in the order of their hashes. Raises Invalid."""
    check_family(family)
    parameters = json.dumps(complete(family, settings), sort_keys=True)
    with being_made[family, parameters, root]:
        return read_or_make(family, parameters, root)


@lru_cache(maxsize=32)
def read_or_make(family: str, parameters: str, root: Path) -> list[Item]:
    name = sha256(f"{PACKAGE_VERSION} {family} {parameters}".encode()).hexdigest()[:24]
    path = root / ".generated" / f"{family}-{name}.json"
    found = read(path)
    if found is None:
        found = make(family, json.loads(parameters))
        keep(path, found)
    items = distinct(found)
    if len(items) < FEWEST:
        made = f"these parameters make {len(items)} distinct problems of {family}"
        names = ", ".join(json.loads(parameters))
        raise invalid(FIELD, f"{made}; at least {FEWEST} are needed: widen {names}")
    return items


def read(path: Path) -> list[Item] | None:
    try:
        rows = json.loads(path.read_text("utf-8"))
        return [
            Item(question, answer, solution, number, facts)
            for question, answer, solution, number, facts in rows
        ]
    except (OSError, ValueError, TypeError):
        return None


def keep(path: Path, items: list[Item]) -> None:
    """Where nothing can be written, the next process makes them again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
            json.dump(items, draft)
        Path(draft.name).chmod(0o644)
        Path(draft.name).replace(path)
    except OSError:
        return


def bare_environment() -> dict[str, str]:
    """For a process that computes with what others wrote: no passwords and no tokens.

    Six families follow the order of Python's sets, which the hash seed decides.
    """
    own = {
        name: value
        for name, value in os.environ.items()
        if "FORKPOINT" not in name and name not in TOKENS
    }
    return own | {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}


def make(family: str, parameters: Mapping[str, Parameter]) -> list[Item]:
    """Raises Invalid naming the parameter."""
    try:
        done = subprocess.run(
            PROGRAM,
            input=json.dumps({"family": family, "parameters": parameters}),
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=HOME,
            env=bare_environment(),
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise invalid(f"{FIELD}.size", f"took over {SECONDS} s; take a smaller size") from None
    except subprocess.CalledProcessError as error:
        raise invalid("task", f"reasoning-gym could not make {family}: {error}") from None
    reply = json.loads(done.stdout)
    if "problems" not in reply:
        field = f"{FIELD}.{reply['field']}" if reply["field"] else FIELD
        raise invalid(field, reply["message"])
    return [
        Item(
            problem["question"],
            problem["answer"] or "",
            problem["answer"] or "",
            problem["number"],
            problem["facts"],
        )
        for problem in reply["problems"]
    ]
