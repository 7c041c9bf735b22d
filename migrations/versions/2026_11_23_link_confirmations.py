"""Remembers which sweep and which of its arms a sweep confirms."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sweeps", sa.Column("confirms_id", sa.BigInteger(), nullable=True))
    op.add_column("sweeps", sa.Column("confirms_arm", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_sweeps_confirms_id"), "sweeps", "sweeps", ["confirms_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_sweeps_confirms"), "sweeps", "(confirms_id IS NULL) = (confirms_arm IS NULL)"
    )
    op.create_index(op.f("ix_sweeps_confirms_id"), "sweeps", ["confirms_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sweeps_confirms_id"), "sweeps")
    op.drop_column("sweeps", "confirms_arm")
    op.drop_column("sweeps", "confirms_id")
