"""A trigger that refuses every illegal edge of a run's life, even from psql."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARD = """
CREATE FUNCTION guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claimed boolean := OLD.status = 'queued' AND NEW.status = 'running';
BEGIN
    IF OLD.status = NEW.status THEN
        IF OLD.status IN ('succeeded', 'failed', 'cancelled') AND NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'run % is %: a final run does not change', OLD.id, OLD.status
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF (OLD.status, NEW.status) NOT IN (
        ('queued', 'running'), ('queued', 'cancelled'),
        ('running', 'succeeded'), ('running', 'failed'), ('running', 'queued'),
        ('running', 'cancelling'), ('cancelling', 'cancelled'),
        ('failed', 'queued'), ('cancelled', 'queued')
    ) THEN
        RAISE EXCEPTION 'run %: % -> % is not a legal move', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.attempt <> OLD.attempt + claimed::int THEN
        RAISE EXCEPTION 'run %: attempt % -> % is not allowed here',
            OLD.id, OLD.attempt, NEW.attempt
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    op.execute(GUARD)
    op.execute(
        "CREATE TRIGGER guard_run BEFORE UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION guard_run()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER guard_run ON runs")
    op.execute("DROP FUNCTION guard_run()")
