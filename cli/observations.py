"""The parts of the API's replies about behaviour analyses that the command line shows."""

from pydantic import BaseModel

from domain.lifecycle import RunStatus


class AskedAnalysis(BaseModel):
    run_id: int
    subject_id: int | None
    arm: str
    seed: int | None
    step: int
    status: RunStatus
    phase: str
    error: str | None


class AnalysisPage(BaseModel):
    analyses: list[AskedAnalysis]


class AskedPage(AnalysisPage):
    asked: list[int]


class Card(BaseModel):
    version: str


class ResolvedNames(BaseModel):
    """Of a sweep's preview: what the names of its model and its task stand for now."""

    model: Card
    task: Card


class AnalysisPreview(BaseModel):
    analyses: int
    new: int
    lexicon: str
    problems: int
    traces: int
    drawn_tokens: int
    scored_tokens: int
    device_seconds: float | None
    estimate_basis: str


class Figure(BaseModel):
    value: float | None
    low: float | None
    high: float | None


class Gap(BaseModel):
    view: str
    delta: Figure
    adjusted_p: float | None


class KindFigures(BaseModel):
    name: str
    of: str
    per_thousand: Figure
    mean: Figure
    gap: Figure


class ArmFigures(BaseModel):
    arm: str
    step: int
    seeds: list[int]
    problems: int
    traces: int
    entropy: Figure
    kinds: list[KindFigures]


class KindGaps(BaseModel):
    name: str
    of: str
    gaps: list[Gap]


class ArmGaps(BaseModel):
    kinds: list[KindGaps]


class Information(BaseModel):
    mutual: Figure
    conditional: Figure


class Retrieval(BaseModel):
    k: int
    share: Figure
    chance: float


class Collapse(BaseModel):
    most: float
    sequence: Information
    token: Information
    retrieval: list[Retrieval]


class CollapseOfRun(BaseModel):
    arm: str
    seed: int | None
    step: int
    collapse: Collapse
    regime: str | None


class SweepBehaviour(BaseModel):
    inquiry: str | None
    arms: list[ArmFigures]
    collapses: list[CollapseOfRun]
    remarks: list[str]
