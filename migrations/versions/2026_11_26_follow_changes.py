"""Lets a look at the audit logs find what was written since the last one, in order of commits."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("run_events", "actions")


def upgrade() -> None:
    """Its default does not change within a transaction, so that no row is rewritten."""
    for table in TABLES:
        column = sa.Column(
            "transaction",
            sa.BigInteger(),
            server_default=sa.text("((pg_current_xact_id())::text)::bigint"),
            nullable=False,
        )
        op.add_column(table, column)
        op.create_index(op.f(f"ix_{table}_transaction"), table, ["transaction"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_transaction"), table_name=table)
        op.drop_column(table, "transaction")
