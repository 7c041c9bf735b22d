"""Runs tests on copies of the source, each in a process forked from one that has its imports done.

    python tests/db/nursery.py < orders > answers

An order is a line of JSON: `folder` (a copy, in which the tests run), `tests`, `environment` and
`log` (where their output goes). The answer is a line with pytest's exit code. Nothing of ours may
be imported here: each child imports what its own folder has.
"""

import importlib
import json
import os
import sys
from typing import Any

LIBRARIES = (
    "alembic.command",
    "psycopg",
    "pydantic",
    "pytest",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.orm",
)
OPTIONS = (
    "-x",
    "-q",
    "--tb=line",
    "--assert=plain",
    "-p",
    "no:cacheprovider",
    "--rootdir=.",
    "-c",
    os.devnull,
)


def run(order: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ |= order["environment"]
    os.chdir(order["folder"])
    sys.path[0] = order["folder"]
    code = importlib.import_module("pytest").main([*OPTIONS, *order["tests"]])
    sys.stdout.flush()
    os._exit(code)


def main() -> None:
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for library in LIBRARIES:
        importlib.import_module(library)
    for line in sys.stdin:
        sys.stdout.write(f"{run(json.loads(line))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
