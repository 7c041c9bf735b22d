"""The tables of behaviour analyses: who asks for which, what they found, weights kept for them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from db.models import Table


class Analysis(Table):
    """That a sweep asks for an analysis: `run_id` is its own, `subject_id` the run it looks at.

    The untrained model is nobody's run: there `subject_id` is null and `step` 0. Equal analyses of
    several sweeps are one run.
    """

    __tablename__ = "analyses"
    __table_args__ = (
        PrimaryKeyConstraint("sweep_id", "run_id"),
        Index(None, "run_id"),
        Index(None, "subject_id"),
    )

    sweep_id: Mapped[int] = mapped_column(ForeignKey("sweeps.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    step: Mapped[int]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Finding(Table):
    """One part of what an analysis found; `body` is a domain.findings.Finding."""

    __tablename__ = "findings"
    __table_args__ = (PrimaryKeyConstraint("run_id", "part", "number"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    part: Mapped[str]
    number: Mapped[int]
    body: Mapped[dict[str, Any]]
    attempt: Mapped[int]


class KeptWeights(Table):
    """That the weights of a run after a step lie beside its checkpoints, to be analysed."""

    __tablename__ = "kept_weights"
    __table_args__ = (PrimaryKeyConstraint("run_id", "step"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    step: Mapped[int]
    attempt: Mapped[int]
