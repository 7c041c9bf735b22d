"""What is kept of a run, and what the database itself refuses."""

from tests.db.mutants.kinds import BATCHES, GUARDS, Mutant

RECORDS = [
    Mutant(
        "a metric of a later attempt stays",
        "db/recordings.py",
        "    WHERE metrics.attempt <= excluded.attempt\n",
        "",
        BATCHES + "a_point_of_a_later_attempt_is_never_replaced",
    ),
    Mutant(
        "a grade of a later attempt stays",
        "db/recordings.py",
        "where=Grade.attempt <= statement.excluded.attempt,",
        "",
        BATCHES + "a_point_of_a_later_attempt_is_never_replaced",
    ),
    Mutant(
        "a later attempt replaces a metric",
        "db/recordings.py",
        "metrics.attempt <= excluded.attempt",
        "metrics.attempt > excluded.attempt",
        BATCHES + "a_point_said_again_by_a_later_attempt_is_the_later_one",
    ),
    Mutant(
        "a start forgets what earlier attempts said, not its own",
        "db/recordings.py",
        ", later, table.attempt < attempt)",
        ", later)",
        BATCHES + "a_start_said_again_forgets_nothing_of_its_own_attempt",
    ),
    Mutant(
        "a start forgets what comes after its checkpoint",
        "db/recordings.py",
        ", later, table.attempt < attempt)",
        ", later, table.attempt > attempt)",
        BATCHES + "a_batch_in_flight_lands_before_the_run_is_taken_or_never",
    ),
    Mutant(
        "a checkpoint never goes back",
        "db/recordings.py",
        "where(Run.id == run_id, column < step)",
        "where(Run.id == run_id)",
        BATCHES + "a_checkpoint_said_again_later_does_not_take_the_run_back",
    ),
    Mutant(
        "only getting further gives restarts back",
        "db/recordings.py",
        '(Run.checkpoint_step, {"checkpoint_step": step})',
        '(Run.checkpoint_step, {"checkpoint_step": step, "restarts": 0})',
        BATCHES + "getting_as_far_as_before_gives_no_restarts_back",
    ),
]

LIFECYCLE = "migrations/versions/2026_11_23_guard_lifecycle.py"
SCHEMA = [
    Mutant(
        "the database knows the edges: a cancelled run never succeeds",
        LIFECYCLE,
        "('cancelling', 'cancelled'),",
        "('cancelling', 'cancelled'), ('cancelling', 'succeeded'),",
        GUARDS + "the_database_refuses_every_edge_that_is_none",
    ),
    Mutant(
        "the database knows the edges: a success is final",
        LIFECYCLE,
        "('failed', 'queued'),",
        "('failed', 'queued'), ('succeeded', 'queued'),",
        GUARDS + "the_database_refuses_every_edge_that_is_none",
    ),
    Mutant(
        "the database lets an attempt grow at a claim alone",
        LIFECYCLE,
        "IF NEW.attempt <> OLD.attempt + claimed::int THEN",
        "IF NEW.attempt < OLD.attempt THEN",
        GUARDS + "the_database_refuses_an_attempt_that_nobody_claimed",
    ),
    Mutant(
        "the database keeps a final run as it is",
        LIFECYCLE,
        "AND NEW IS DISTINCT FROM OLD THEN",
        "AND NEW.id <> OLD.id THEN",
        GUARDS + "the_database_refuses_to_change_a_final_run",
    ),
    Mutant(
        "the database gives a worker one live run",
        "migrations/versions/2026_11_23_first_schema.py",
        "        unique=True,\n        postgresql_where",
        "        unique=False,\n        postgresql_where",
        GUARDS + "the_database_gives_one_worker_one_run",
    ),
]
