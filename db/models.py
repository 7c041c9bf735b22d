"""The tables. What a run may become is decided by `runs.move` and by a trigger."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LIVE_SQL = "status IN ('running', 'cancelling')"
TRANSACTION = text("((pg_current_xact_id())::text)::bigint")  # the one that writes the row


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        str: Text,
        dict[str, Any]: JSONB,
    }


class Sweep(Table):
    """(owner, idempotency_key) makes a repeated submit one sweep.

    `spec` is what it asks for now, extensions included; `body_hash` is of what was first sent.
    `confirms_id` is the sweep whose arm `confirms_arm` this one confirms. At most `max_running` of
    its runs run at once, each on a device of `device_kind` with `memory_gb` or more.
    """

    __tablename__ = "sweeps"
    __table_args__ = (
        UniqueConstraint("owner", "idempotency_key"),
        CheckConstraint("(confirms_id IS NULL) = (confirms_arm IS NULL)", name="confirms"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    owner: Mapped[str]
    idempotency_key: Mapped[str | None]
    spec: Mapped[dict[str, Any]]
    baseline: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    cancelled_at: Mapped[datetime | None]
    confirms_id: Mapped[int | None] = mapped_column(ForeignKey("sweeps.id"), index=True)
    confirms_arm: Mapped[str | None]
    body_hash: Mapped[str | None]
    paused_at: Mapped[datetime | None]
    drained_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    priority: Mapped[int] = mapped_column(server_default="0")
    max_running: Mapped[int | None]
    device_kind: Mapped[str | None]
    memory_gb: Mapped[float] = mapped_column(Double, server_default="0")


class Arm(Table):
    """A method with its parameters inside one sweep; `train` is null for the base model."""

    __tablename__ = "arms"
    __table_args__ = (UniqueConstraint("sweep_id", "name"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sweep_id: Mapped[int] = mapped_column(ForeignKey("sweeps.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    template: Mapped[str]
    method: Mapped[dict[str, Any]]
    train: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class Run(Table):
    """One cell of work. `content_hash` makes equal cells of all sweeps the same row.

    `attempt` is the fencing token: it grows by one at each claim and never otherwise. What is
    recorded goes on from the checkpoint of `checkpoint_step` and of that `lineage`;
    `furthest_step` is the latest that any attempt saved. `priority` orders a sweep's own runs;
    `devices` is how many a worker must serve to run it, `needs` what it must understand.
    """

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(
            "status IN ('queued','running','cancelling','succeeded','failed','cancelled')",
            name="status",
        ),
        Index("ix_runs_due", "priority", "id", postgresql_where=text("status = 'queued'")),
        Index("uq_runs_live_worker", "worker", unique=True, postgresql_where=text(LIVE_SQL)),
        Index("ix_runs_status", "status"),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    content_hash: Mapped[str] = mapped_column(unique=True)
    spec: Mapped[dict[str, Any]]
    seed: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(server_default="queued")
    priority: Mapped[int] = mapped_column(server_default="0")
    devices: Mapped[int] = mapped_column(server_default="1")
    needs: Mapped[int] = mapped_column(server_default="1")
    attempt: Mapped[int] = mapped_column(server_default="0")
    restarts: Mapped[int] = mapped_column(server_default="0")
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    worker: Mapped[str | None]
    heartbeat_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    heartbeat_at: Mapped[datetime | None]
    step: Mapped[int] = mapped_column(server_default="0")
    checkpoint_step: Mapped[int] = mapped_column(server_default="0")
    furthest_step: Mapped[int] = mapped_column(server_default="0")
    lineage: Mapped[str | None]
    total_steps: Mapped[int] = mapped_column(server_default="0")
    phase: Mapped[str] = mapped_column(server_default="")
    failure: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ArmRun(Table):
    """Which run answers for an arm and a seed; a run may serve several sweeps."""

    __tablename__ = "arm_runs"
    __table_args__ = (PrimaryKeyConstraint("arm_id", "seed"), Index(None, "run_id"))

    arm_id: Mapped[int] = mapped_column(ForeignKey("arms.id", ondelete="CASCADE"))
    seed: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))


class Attempt(Table):
    """One execution of a run by one worker; `log` keeps the last lines its trainer wrote.

    `record` is what it takes to repeat it: the code, the packages, the device, the data.
    """

    __tablename__ = "attempts"
    __table_args__ = (PrimaryKeyConstraint("run_id", "number"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    number: Mapped[int]
    worker: Mapped[str]
    device: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    exit_code: Mapped[int | None]
    reason: Mapped[str | None]
    versions: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    record: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    log: Mapped[str] = mapped_column(server_default="")


class RunEvent(Table):
    """One transition: the audit log. `transaction` tells what is new: see db/changes.py."""

    __tablename__ = "run_events"
    __table_args__ = (Index(None, "run_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    old: Mapped[str | None]
    new: Mapped[str]
    attempt: Mapped[int]
    actor: Mapped[str]
    reason: Mapped[str]
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=TRANSACTION, index=True)


class Metric(Table):
    """One value of one metric; NaN and infinity are kept. Partitioned by hash of run."""

    __tablename__ = "metrics"
    __table_args__ = (
        PrimaryKeyConstraint("run_id", "name", "step"),
        {"postgresql_partition_by": "HASH (run_id)"},
    )

    run_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    step: Mapped[int]
    value: Mapped[float] = mapped_column(Double)
    attempt: Mapped[int]


class Grade(Table):
    """n samples and c correct for one problem at one step of a run."""

    __tablename__ = "grades"
    __table_args__ = (
        PrimaryKeyConstraint("run_id", "step", "problem"),
        CheckConstraint("c >= 0 AND c <= n", name="counts"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    step: Mapped[int]
    problem: Mapped[int]
    n: Mapped[int]
    c: Mapped[int]
    truncated: Mapped[int]
    unparsable: Mapped[int]
    attempt: Mapped[int]


class Rollout(Table):
    """One training completion with its per-token values; token lists are equally long."""

    __tablename__ = "rollouts"
    __table_args__ = (PrimaryKeyConstraint("run_id", "step", "index"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    step: Mapped[int]
    index: Mapped[int]
    problem: Mapped[str]
    prompt: Mapped[str]
    tokens: Mapped[list[str]] = mapped_column(ARRAY(Text))
    entropies: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    advantages: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    psi: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    reward: Mapped[float] = mapped_column(Double)
    attempt: Mapped[int]


class Worker(Table):
    """A worker process that serves one device. `started_at` tells its lives apart.

    One that is draining or parked takes no run until it is resumed. `memory_gb` is of each device.
    `understands` is what runs may need of it: see domain/needs.py.
    """

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    device: Mapped[str]
    device_kind: Mapped[str]
    devices: Mapped[int] = mapped_column(server_default="1")
    device_name: Mapped[str | None]
    memory_gb: Mapped[float | None] = mapped_column(Double)
    version: Mapped[str | None]
    understands: Mapped[int] = mapped_column(server_default="1")
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    draining_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    parked_reason: Mapped[str | None]
    resumed_at: Mapped[datetime | None]


class Action(Table):
    """What somebody did to a sweep, a worker, a key or a webhook: the audit log beside runs'."""

    __tablename__ = "actions"
    __table_args__ = (Index(None, "subject", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str]
    reason: Mapped[str]
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=TRANSACTION, index=True)
