"""Every guard is missed by a test when it is gone: the table of mutants, each tried on a copy."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from sqlalchemy import Engine, make_url

from tests.conftest import ROOT, CreateDatabase, rendered
from tests.db.mutants import MUTANTS
from tests.db.mutants.kinds import Mutant

COPIED = ("domain", "assets", "db", "migrations", "workers", "tests/db", "tests/workers")
FILES = ("alembic.ini", "tests/__init__.py", "tests/conftest.py", "tests/factories.py")
NURSERIES = 2
FAILED = 1
BROKEN = re.compile(r": (NameError|SyntaxError|ImportError|ModuleNotFoundError)\b")

Nursery = subprocess.Popen[str]


@pytest.fixture
def environment(server: Engine, migrated_database: CreateDatabase) -> dict[str, str]:
    """Lets the tests on copies share this server, and a schema that is not theirs to change."""
    template = make_url(migrated_database()).database
    return {
        "FORKPOINT_TEST_SERVER": rendered(server.url),
        "FORKPOINT_TEST_TEMPLATE": str(template),
    }


@pytest.fixture
def nurseries(migrated_database: CreateDatabase) -> Iterator["Queue[Nursery]"]:
    """Each with a database of its own, for one test at a time: quicker than one for each mutant."""
    waiting: Queue[Nursery] = Queue()
    started = [start_nursery(migrated_database()) for _ in range(NURSERIES)]
    for nursery in started:
        waiting.put(nursery)
    yield waiting
    for nursery in started:
        nursery.communicate()


def start_nursery(database: str) -> Nursery:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "db" / "nursery.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"FORKPOINT_TEST_KEPT": database},
    )


@contextmanager
def borrowed(nurseries: "Queue[Nursery]") -> Iterator[Nursery]:
    nursery = nurseries.get()
    try:
        yield nursery
    finally:
        nurseries.put(nursery)


def copy_source(folder: Path) -> Path:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)  # what was compiled too: it saves half the time
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def run_tests(
    nurseries: "Queue[Nursery]", folder: Path, tests: list[str], environment: dict[str, str]
) -> tuple[int, str]:
    log = folder / "log.txt"
    order = {
        "folder": str(folder),
        "tests": [f"tests/{test}" for test in tests],
        "environment": environment,
        "log": str(log),
    }
    with borrowed(nurseries) as nursery:
        assert nursery.stdin
        assert nursery.stdout
        nursery.stdin.write(json.dumps(order) + "\n")
        nursery.stdin.flush()
        code = int(nursery.stdout.readline())
    return code, log.read_text()


def attack(
    mutant: Mutant, nurseries: "Queue[Nursery]", folder: Path, environment: dict[str, str]
) -> str | None:
    """What went wrong, if the mutant was not killed."""
    path = copy_source(folder) / mutant.file
    source = path.read_text()
    if source.count(mutant.old) != 1:
        return f"{mutant.old!r} is in {mutant.file} {source.count(mutant.old)} times"
    path.write_text(source.replace(mutant.old, mutant.new))
    seen = environment if not mutant.file.startswith("migrations") else own_schema(environment)
    code, log = run_tests(nurseries, folder, [mutant.killer], seen)
    shutil.rmtree(folder)
    if code == FAILED and not BROKEN.search(log):
        return None
    return f"survived {mutant.killer} (exit code {code})\n{log[-3000:]}"


def own_schema(environment: dict[str, str]) -> dict[str, str]:
    """A mutant of the schema is told no template, and migrates a database of its own."""
    return environment | {"FORKPOINT_TEST_TEMPLATE": "", "FORKPOINT_TEST_KEPT": ""}


def test_the_tests_pass_on_a_copy_that_is_not_weakened(
    nurseries: "Queue[Nursery]", tmp_path: Path, environment: dict[str, str]
) -> None:
    """One of each module: should the copy lack something, every test on it would fail."""
    killers = {mutant.killer.partition("::")[0]: mutant.killer for mutant in MUTANTS}
    folder = copy_source(tmp_path / "sound")
    code, log = run_tests(nurseries, folder, list(killers.values()), environment)
    assert code == 0, log


def test_every_mutant_is_killed(
    nurseries: "Queue[Nursery]",
    tmp_path: Path,
    environment: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fate(numbered: tuple[int, Mutant]) -> str | None:
        number, mutant = numbered
        return attack(mutant, nurseries, tmp_path / str(number), environment)

    with ThreadPoolExecutor(NURSERIES) as pool:
        fates = list(pool.map(fate, enumerate(MUTANTS)))
    killed = fates.count(None)
    with capsys.disabled():
        sys.stdout.write(f"\nmutants killed: {killed} of {len(MUTANTS)}\n")
    told = [f"{mutant.guard}: {how}" for mutant, how in zip(MUTANTS, fates, strict=True) if how]
    assert not told, "\n\n".join(told)
