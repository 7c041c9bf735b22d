"""A guard with a way to weaken it, and where the tests are that must notice."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """`old` must be in the file once. `killer` is a test, as `module::name` below tests/."""

    guard: str
    file: str
    old: str
    new: str
    killer: str


RUNS, BATCHES = "db/test_interleavings.py::test_", "db/test_overlapping_batches.py::test_"
SWEEPS, GUARDS = "db/test_overlapping_sweeps.py::test_", "db/test_guards.py::test_"
ANALYSES = "db/test_overlapping_analyses.py::test_"
REAPER = "workers/test_reaper.py::test_"
