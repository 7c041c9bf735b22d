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


class AnalysisPreview(BaseModel):
    analyses: int
    new: int
    lexicon: str
    problems: int
    traces: int
    drawn_tokens: int
    scored_tokens: int


class Figure(BaseModel):
    value: float | None
    low: float | None
    high: float | None


class Gap(BaseModel):
    view: str
    delta: Figure
    adjusted_p: float | None


class Kind(BaseModel):
    name: str
    count: int
    per_thousand: Figure
    mean: Figure
    gaps: list[Gap]


class Rare(BaseModel):
    kind: Kind
    beyond: Figure


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


class Behaviour(BaseModel):
    problems: int
    traces: int
    entropy: Figure
    pivotal: list[Kind]
    reflective: Kind
    rare: Rare | None
    collapse: Collapse | None
    remarks: list[str]


class ArmBehaviour(BaseModel):
    run_id: int
    arm: str
    seed: int | None
    step: int
    regime: str | None
    behaviour: Behaviour


class SweepBehaviour(BaseModel):
    analyses: list[ArmBehaviour]
