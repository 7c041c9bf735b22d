"""Lets people steer sweeps and workers, and remembers who did what and with which software."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def sweep_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("paused_at", TIME, nullable=True),
        sa.Column("drained_at", TIME, nullable=True),
        sa.Column("archived_at", TIME, nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_running", sa.Integer(), nullable=True),
        sa.Column("device_kind", sa.Text(), nullable=True),
        sa.Column("memory_gb", sa.Double(), server_default="0", nullable=False),
    ]


def worker_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("devices", sa.Integer(), server_default="1", nullable=False),
        sa.Column("device_name", sa.Text(), nullable=True),
        sa.Column("memory_gb", sa.Double(), nullable=True),
        sa.Column("draining_at", TIME, nullable=True),
        sa.Column("parked_at", TIME, nullable=True),
        sa.Column("parked_reason", sa.Text(), nullable=True),
        sa.Column("resumed_at", TIME, nullable=True),
    ]


def upgrade() -> None:
    for column in sweep_columns():
        op.add_column("sweeps", column)
    for column in worker_columns():
        op.add_column("workers", column)
    op.add_column("runs", sa.Column("devices", sa.Integer(), server_default="1", nullable=False))
    op.execute(
        "UPDATE runs SET devices = (spec #>> '{train,devices}')::int"
        " WHERE status = 'queued' AND spec #>> '{train,devices}' IS NOT NULL"
    )
    op.add_column(
        "attempts",
        sa.Column("record", postgresql.JSONB(none_as_null=True), nullable=True),
    )
    op.create_table(
        "actions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", TIME, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
    )
    op.create_index(
        op.f("ix_actions_subject_subject_id_id"), "actions", ["subject", "subject_id", "id"]
    )


def downgrade() -> None:
    op.drop_table("actions")
    op.drop_column("attempts", "record")
    op.drop_column("runs", "devices")
    for column in worker_columns():
        op.drop_column("workers", column.name)
    for column in sweep_columns():
        op.drop_column("sweeps", column.name)
