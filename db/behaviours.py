"""What an analysis found, read as figures: derived anew from counts and sums, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from db.histories import missing
from db.models import Run
from db.probes import Finding as FindingRow
from domain.analyses import AnalysisSettings
from domain.behaviours import Behaviour, describe_behaviour, read_collapse
from domain.collapses import Collapse, Regime, name_regime
from domain.errors import NotFound
from domain.findings import Finding, RareList, ShownTrace
from domain.runs import RunSpec, analysis_of, content_hash

FINDINGS: TypeAdapter[Finding] = TypeAdapter(Finding)
FIGURES = ("tokens", "rare", "rare_list", "scores", "cost")


@dataclass(frozen=True)
class RunBehaviour:
    """An analysis and what it came to, None until a problem was looked at.

    `regime` is None where nothing was scored, of it or of the untrained model.
    """

    run_id: int
    status: str
    step: int
    settings: AnalysisSettings
    behaviour: Behaviour | None
    regime: Regime | None


@dataclass(frozen=True)
class TracePage:
    traces: list[ShownTrace]
    total: int


def read_run(db: Session, run_id: int) -> RunBehaviour:
    """Raises NotFound, also for a run that is no analysis."""
    spec, status = require_analysis(db, run_id)
    settings = settings_of(spec)
    found = describe(settings.model_dump_json(), read_texts(db, run_id, FIGURES))
    regime = None
    if found and found.collapse:
        regime = name_regime(found.collapse, read_untrained(db, spec))
    return RunBehaviour(run_id, status, settings.step, settings, found, regime)


def fingerprint(db: Session, run_ids: Sequence[int]) -> str:
    """Changes whenever the figures could."""
    states = db.execute(
        select(Run.id, Run.status, Run.attempt).where(Run.id.in_(run_ids)).order_by(Run.id)
    ).all()
    counts = db.execute(
        select(FindingRow.run_id, func.count())
        .where(FindingRow.run_id.in_(run_ids))
        .group_by(FindingRow.run_id)
        .order_by(FindingRow.run_id)
    ).all()
    return repr(([tuple(row) for row in states], [tuple(row) for row in counts]))


def fingerprint_of(db: Session, run_id: int) -> str:
    """Of one analysis, whose regime follows from the untrained model's too. Raises NotFound."""
    spec, _ = require_analysis(db, run_id)
    untrained = find_untrained(db, spec)
    return fingerprint(db, [run_id, *([untrained] if untrained else [])])


def read_sentences(db: Session, run_id: int) -> RareList:
    """Raises NotFound, also where no sentences were compared, or not yet."""
    require_analysis(db, run_id)
    found = read_findings(read_texts(db, run_id, ["rare_list"]))
    for one in found:
        if isinstance(one, RareList):
            return one
    raise NotFound(f"analysis {run_id} has compared no sentences, or not yet")


def read_traces(db: Session, run_id: int, limit: int, offset: int) -> TracePage:
    """The traces that were kept token by token. Raises NotFound."""
    require_analysis(db, run_id)
    mine = (FindingRow.run_id == run_id, FindingRow.part == "trace")
    total = db.scalar(select(func.count()).where(*mine)) or 0
    page = select(cast(FindingRow.body, Text)).where(*mine).order_by(FindingRow.number)
    found = read_findings(tuple(db.scalars(page.limit(limit).offset(offset))))
    return TracePage([one for one in found if isinstance(one, ShownTrace)], total)


def require_analysis(db: Session, run_id: int) -> tuple[RunSpec, str]:
    row = db.execute(select(Run.spec, Run.status).where(Run.id == run_id)).one_or_none()
    if row is None:
        raise missing(run_id)
    spec = RunSpec.model_validate(row.spec)
    if spec.analysis is None:
        mend = f"GET /api/runs/{run_id}/analyses lists those of it"
        raise NotFound(f"run {run_id} is no analysis; {mend}")
    return spec, row.status


def settings_of(spec: RunSpec) -> AnalysisSettings:
    return spec.analysis or AnalysisSettings()


def read_untrained(db: Session, spec: RunSpec) -> Collapse | None:
    run_id = find_untrained(db, spec)
    return assess(read_texts(db, run_id, ["scores"])) if run_id else None


def find_untrained(db: Session, spec: RunSpec) -> int | None:
    """The analysis that asks the same of the untrained model."""
    settings = settings_of(spec).model_copy(update={"step": 0})
    key = content_hash(analysis_of(spec.subject, settings))
    return db.scalar(select(Run.id).where(Run.content_hash == key))


def read_texts(db: Session, run_id: int, parts: Sequence[str]) -> tuple[str, ...]:
    bodies = (
        select(cast(FindingRow.body, Text))
        .where(FindingRow.run_id == run_id, FindingRow.part.in_(parts))
        .order_by(FindingRow.part, FindingRow.number)
    )
    return tuple(db.scalars(bodies))


@lru_cache(maxsize=64)
def describe(settings: str, texts: tuple[str, ...]) -> Behaviour | None:
    """From JSON. Remembered: it takes a tenth of a second."""
    read = AnalysisSettings.model_validate_json(settings)
    return describe_behaviour(read, read_findings(texts))


@lru_cache(maxsize=64)
def assess(texts: tuple[str, ...]) -> Collapse | None:
    return read_collapse(read_findings(texts))


def read_findings(texts: Sequence[str]) -> list[Finding]:
    return [FINDINGS.validate_json(text) for text in texts]
