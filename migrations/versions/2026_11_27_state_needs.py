"""Lets a run state what it needs its worker to understand, and a worker what it understands."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = (("runs", "needs"), ("workers", "understands"))


def upgrade() -> None:
    """A worker of older code says nothing, and so counts as one that understands the least."""
    for table, column in COLUMNS:
        number = sa.Column(column, sa.Integer(), server_default="1", nullable=False)
        op.add_column(table, number)
    op.execute(
        "UPDATE runs SET needs = 2 WHERE status NOT IN ('succeeded', 'failed', 'cancelled')"
        " AND (spec ? 'analysis' OR spec #> '{train,keep_every}' IS NOT NULL)"
    )


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_column(table, column)
