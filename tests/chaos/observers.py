"""What the database itself keeps of every transition and of every row, and a look at it meanwhile.

The triggers are the referee's, in a schema of its own. They refuse nothing: a refusal would hide
what they are there to see.
"""

import threading
from dataclasses import dataclass, field

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

LOOK_SECONDS = 0.15

REFEREE = """
CREATE SCHEMA referee;
CREATE TABLE referee.moves (
    id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
    run_id bigint NOT NULL, old text, new text NOT NULL,
    old_attempt int NOT NULL, new_attempt int NOT NULL
);
CREATE TABLE referee.stale (
    run_id bigint NOT NULL, kind text NOT NULL, attempt int NOT NULL,
    owner int NOT NULL, status text NOT NULL
);
CREATE FUNCTION referee.note_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO referee.moves (run_id, old, new, old_attempt, new_attempt)
        VALUES (NEW.id, NULL, NEW.status, 0, NEW.attempt);
    ELSIF OLD.status <> NEW.status OR OLD.attempt <> NEW.attempt THEN
        INSERT INTO referee.moves (run_id, old, new, old_attempt, new_attempt)
        VALUES (NEW.id, OLD.status, NEW.status, OLD.attempt, NEW.attempt);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_move AFTER INSERT OR UPDATE ON runs
    FOR EACH ROW EXECUTE FUNCTION referee.note_move();
-- At commit: who owns the run then decides whether the row may be there.
CREATE FUNCTION referee.note_stale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO referee.stale
    SELECT id, TG_TABLE_NAME, NEW.attempt, attempt, status FROM runs
    WHERE id = NEW.run_id
        AND (attempt <> NEW.attempt OR status NOT IN ('running', 'cancelling'));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER note_stale AFTER INSERT OR UPDATE ON metrics
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION referee.note_stale();
CREATE CONSTRAINT TRIGGER note_stale AFTER INSERT OR UPDATE ON grades
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION referee.note_stale();
"""

TWO_RUNS = """
SELECT worker || ' has ' || count(*) || ' live runs' FROM runs
WHERE status IN ('running', 'cancelling') GROUP BY worker HAVING count(*) > 1
"""


def seat_referee(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(REFEREE)


@dataclass
class Observer:
    """Looks at the rows over a connection of its own, as soon as there is one again."""

    engine: Engine
    seen: dict[int, int] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    looks: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self.done.wait(LOOK_SECONDS):
            try:
                self.look()
                self.looks += 1
            except DBAPIError:
                continue  # the database is away: nothing can be wrong in it

    def look(self) -> None:
        with self.engine.connect() as connection:
            self.wrong |= set(connection.scalars(text(TWO_RUNS)))
            for run_id, attempt in connection.execute(text("SELECT id, attempt FROM runs")):
                if attempt < self.seen.get(run_id, 0):
                    self.wrong.add(f"the attempt of run {run_id} fell to {attempt}")
                self.seen[run_id] = attempt
