"""Who owns a run, when it is silent, and how it ends."""

from tests.db.mutants.kinds import BATCHES, REAPER, RUNS, Mutant

ATTEMPTS = [
    Mutant(
        "an attempt owns a run by its number",
        "db/attempts.py",
        "Run.attempt == attempt, Run.status.in_(LIVE)]",
        "Run.status.in_(LIVE)]",
        BATCHES + "a_batch_of_an_attempt_whose_run_runs_again_is_refused",
    ),
    Mutant(
        "an attempt owns a run that is live",
        "db/attempts.py",
        "Run.attempt == attempt, Run.status.in_(LIVE)]",
        "Run.attempt == attempt]",
        BATCHES + "a_batch_of_an_attempt_that_has_ended_is_refused",
    ),
    Mutant(
        "a batch holds the run until it is stored",
        "db/attempts.py",
        ".with_for_update(read=True)",
        "",
        BATCHES + "a_batch_in_flight_lands_before_the_run_is_taken_or_never",
    ),
    Mutant(
        "a batch is of the attempt that owns the run",
        "db/recordings.py",
        "status = hold(db, run_id, attempt)",
        "status = RunStatus.RUNNING",
        BATCHES + "a_batch_that_meets_the_reaper_is_refused_whole",
    ),
    Mutant(
        "a heartbeat counts",
        "db/attempts.py",
        "heartbeat_seq=Run.heartbeat_seq + 1",
        "heartbeat_seq=Run.heartbeat_seq",
        RUNS + "a_reaper_leaves_a_run_that_speaks_at_that_moment",
    ),
    Mutant(
        "a run that has spoken since is not lost",
        "db/attempts.py",
        ", Run.heartbeat_seq == heartbeat_seq]",
        "]",
        RUNS + "a_reaper_leaves_a_run_that_speaks_at_that_moment",
    ),
    Mutant(
        "the attempt that was silent is lost, not the next",
        "db/attempts.py",
        "[*owned(run_id, attempt), Run.heartbeat_seq",
        "[Run.id == run_id, Run.status.in_(LIVE), Run.heartbeat_seq",
        RUNS + "a_reaper_that_comes_late_leaves_the_next_attempt_alone",
    ),
    Mutant(
        "a reaper locks what it takes",
        "db/attempts.py",
        "select(Run).where(*guards).with_for_update()",
        "select(Run).where(*guards)",
        RUNS + "two_reapers_take_a_run_once",
    ),
    Mutant(
        "a new life of a worker gives back its own runs",
        "db/attempts.py",
        "Run.worker == worker, Run.status.in_(LIVE)",
        "Run.status.in_(LIVE)",
        RUNS + "a_new_life_of_a_worker_leaves_other_workers_runs_alone",
    ),
    Mutant(
        "an end locks the run",
        "db/attempts.py",
        "locked = select(Run.status).where(*owned(run_id, attempt)).with_for_update()",
        "locked = select(Run.status).where(*owned(run_id, attempt))",
        RUNS + "an_end_said_twice_at_once_is_one_end",
    ),
    Mutant(
        "an end that was said before is the same one",
        "db/attempts.py",
        "row is None or row.outcome not in (name(outcome), RunStatus.CANCELLED)",
        "row is None",
        RUNS + "another_end_than_the_first_is_refused",
    ),
    Mutant(
        "an end said again is answered",
        "db/attempts.py",
        "row is None or row.outcome not in (name(outcome), RunStatus.CANCELLED)",
        "True",
        RUNS + "an_end_said_twice_at_once_is_one_end",
    ),
    Mutant(
        "a cancel wins over an end",
        "db/attempts.py",
        "if run.status == RunStatus.CANCELLING:",
        "if run.status == RunStatus.CANCELLED:",
        RUNS + "a_cancel_that_came_first_wins_over_the_end",
    ),
    Mutant(
        "an attempt that was cancelled did not succeed",
        "db/attempts.py",
        "str(RunStatus.CANCELLED) if status == RunStatus.CANCELLING else name(outcome)",
        "name(outcome)",
        RUNS + "a_cancel_that_came_first_wins_over_the_end",
    ),
    Mutant(
        "restarts have a budget",
        "db/attempts.py",
        "> retries.budget:",
        "> 10 * retries.budget:",
        RUNS + "a_poison_run_ends_within_its_budget",
    ),
    Mutant(
        "a restart counts",
        "db/attempts.py",
        '"restarts": run.restarts + weight.cost,',
        '"restarts": run.restarts,',
        RUNS + "a_poison_run_ends_within_its_budget",
    ),
    Mutant(
        "a failed run waits",
        "db/attempts.py",
        '"due_at": func.now() + wait,',
        '"due_at": func.now(),',
        RUNS + "a_run_waits_longer_after_each_failure",
    ),
]

REAPING = [
    Mutant(
        "a reaper that lost the database forgets what it saw",
        "workers/reaper.py",
        "            self.first_seen.clear()\n",
        "",
        REAPER + "after_an_outage_every_run_has_its_whole_time_again",
    ),
    Mutant(
        "a reaper waits as long as a silent worker counts as alive",
        "workers/reaper.py",
        "if now - since > self.alive_seconds",
        "if now - since >= 0",
        REAPER + "a_run_first_seen_now_is_alive_however_old_its_heartbeat",
    ),
]
