"""Which run a worker is given."""

from tests.db.mutants.kinds import RUNS, SWEEPS, Mutant

CLAIMS = [
    Mutant(
        "claims go one at a time",
        "db/claims.py",
        "    lock_claims(db)\n    found =",
        "    found =",
        SWEEPS + "a_sweeps_limit_holds_for_two_claims_at_once",
    ),
    Mutant(
        "a claim goes by rows that others hold",
        "db/claims.py",
        "of=Run, skip_locked=True",
        "of=Run",
        RUNS + "a_claim_waits_for_nobody_who_holds_a_run",
    ),
    Mutant(
        "a claim locks the row it has found",
        "db/claims.py",
        "        .with_for_update(of=Run, skip_locked=True)\n",
        "",
        RUNS + "a_claim_waits_for_nobody_who_holds_a_run",
    ),
    Mutant(
        "a worker that has a run gets no other",
        "db/claims.py",
        ", ~busy",
        "",
        RUNS + "a_worker_with_a_run_is_given_no_other",
    ),
    Mutant(
        "a claim raises the attempt",
        "db/claims.py",
        "Run.attempt + 1",
        "Run.attempt",
        RUNS + "two_claims_of_one_run_make_one_attempt",
    ),
    Mutant(
        "a run waits until it is due",
        "db/offers.py",
        ", Run.due_at <= func.statement_timestamp()",
        "",
        RUNS + "a_run_that_waits_for_its_next_attempt_is_not_claimed",
    ),
    Mutant(
        "only queued runs are claimed",
        "db/offers.py",
        "Run.status == RunStatus.QUEUED, ",
        "",
        RUNS + "a_claim_goes_by_a_run_that_runs",
    ),
    Mutant(
        "a paused sweep starts nothing",
        "db/offers.py",
        "            Sweep.paused_at.is_(None),\n",
        "",
        SWEEPS + "a_sweep_that_is_held_back_starts_nothing[paused_at]",
    ),
    Mutant(
        "a limit counts what runs",
        "db/offers.py",
        "live < Sweep.max_running",
        "live <= Sweep.max_running",
        SWEEPS + "a_sweeps_limit_holds_for_two_claims_at_once",
    ),
    Mutant(
        "sweeps share the workers",
        "db/claims.py",
        "sweeps.c.priority.desc(), sweeps.c.live, ",
        "sweeps.c.priority.desc(), ",
        SWEEPS + "claims_are_shared_evenly_between_sweeps",
    ),
    Mutant(
        "a draining worker takes nothing",
        "db/offers.py",
        "Worker.draining_at.is_(None), ",
        "",
        SWEEPS + "a_worker_that_is_held_back_is_given_nothing[draining_at]",
    ),
    Mutant(
        "a parked worker takes nothing",
        "db/offers.py",
        ", Worker.parked_at.is_(None)",
        "",
        SWEEPS + "a_worker_that_is_held_back_is_given_nothing[parked_at]",
    ),
    Mutant(
        "a run goes to as many devices as it asks for",
        "db/offers.py",
        "        Worker.devices >= Run.devices,\n",
        "",
        SWEEPS + "a_run_of_several_devices_goes_to_no_worker_with_fewer",
    ),
]
