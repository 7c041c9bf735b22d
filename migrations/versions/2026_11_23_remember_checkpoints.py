"""Remembers how far a run is saved: its next attempt goes on from there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("checkpoint_step", "furthest_step"):
        op.add_column("runs", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.add_column("runs", sa.Column("lineage", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("lineage", "furthest_step", "checkpoint_step"):
        op.drop_column("runs", name)
