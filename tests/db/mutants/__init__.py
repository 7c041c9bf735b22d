"""The guards of db, of its schema and of the reaper, each with the test that misses it.

A guard that no test misses is a guard that somebody will remove.
"""

from tests.db.mutants.attempts import ATTEMPTS, REAPING
from tests.db.mutants.claims import CLAIMS
from tests.db.mutants.kinds import Mutant
from tests.db.mutants.records import RECORDS, SCHEMA
from tests.db.mutants.steering import STEERING

MUTANTS: list[Mutant] = [*CLAIMS, *ATTEMPTS, *REAPING, *STEERING, *RECORDS, *SCHEMA]
