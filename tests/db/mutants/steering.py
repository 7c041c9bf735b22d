"""What users do to runs and sweeps."""

from tests.db.mutants.kinds import ANALYSES, RUNS, SWEEPS, Mutant

STEERING = [
    Mutant(
        "a move starts where the run stands",
        "db/runs.py",
        ".where(Run.id.in_(run_ids), Run.status == old)",
        ".where(Run.id.in_(run_ids))",
        RUNS + "a_cancel_that_came_after_the_end_is_refused",
    ),
    Mutant(
        "a move is told",
        "db/runs.py",
        "    log_events(db, attempts, edge, actor, reason)\n    notices",
        "    notices",
        RUNS + "two_retries_at_once_are_one_new_life",
    ),
    Mutant(
        "a cancel holds the run between its two moves",
        "db/runs.py",
        "    lock(db, run_ids)\n    queued,",
        "    queued,",
        RUNS + "a_cancel_finds_a_run_that_goes_back_to_the_queue[drained]",
    ),
    Mutant(
        "a retry waits for a cancel",
        "db/runs.py",
        "    lock(db, run_ids)\n    return sum(",
        "    return sum(",
        RUNS + "a_retry_while_the_cancel_is_under_way_is_refused",
    ),
    Mutant(
        "a submit asks for no run that is being cancelled",
        "db/runs.py",
        "    refuse_stopping(db, list(ids.values()))\n",
        "",
        SWEEPS + "a_submit_asks_for_no_run_that_somebody_is_cancelling",
    ),
    Mutant(
        "a cell is one run",
        "db/runs.py",
        'some.on_conflict_do_nothing(index_elements=["content_hash"])',
        "some",
        SWEEPS + "two_sweeps_that_ask_for_one_cell_at_once_share_its_run",
    ),
    Mutant(
        "a key makes one sweep",
        "db/submissions.py",
        "insert(Sweep).values(values).on_conflict_do_nothing()",
        "insert(Sweep).values(values)",
        SWEEPS + "the_same_submit_twice_at_once_is_one_sweep",
    ),
    Mutant(
        "a key makes a sweep of one body",
        "db/submissions.py",
        "    if not same:",
        "    if same is None:",
        SWEEPS + "a_key_used_for_two_bodies_at_once_is_refused_to_the_second",
    ),
    Mutant(
        "a submit waits for a cancel of a sweep",
        "db/submissions.py",
        "    lock_steering(db)\n",
        "",
        SWEEPS + "a_run_that_a_second_sweep_asks_for_survives_the_first_ones_cancel",
    ),
    Mutant(
        "an old life of a worker signs off itself alone",
        "db/workers.py",
        ", Worker.pid == worker.pid)",
        ")",
        SWEEPS + "an_old_life_of_a_worker_does_not_sign_off_the_new_one",
    ),
    Mutant(
        "an archived sweep is not analysed by a plan made before",
        "db/analyses.py",
        "    hold(db, sweep_id)",
        "    ",
        ANALYSES + "a_sweep_that_is_archived_while_its_analyses_are_planned_is_not_analysed",
    ),
    Mutant(
        "an extension that was worked out before another is worked out again",
        "db/extensions.py",
        "if sweep.spec != enlarged.had:",
        "if sweep.id != sweep_id:",
        SWEEPS + "two_extensions_at_once_both_count",
    ),
    Mutant(
        "an extension waits for those who steer",
        "db/extensions.py",
        "sweep = hold(db, sweep_id)",
        "sweep = require_open(db, sweep_id)",
        SWEEPS + "two_extensions_at_once_both_count",
    ),
]
