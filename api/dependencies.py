"""What routes ask for: a session, the settings, and parameters with their bounds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Header, Path, Query, Request
from pydantic import AfterValidator
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.callers import Actor, AnyCaller
from api.lookouts import Lookout
from api.metrics import Measures
from api.settings import Settings
from assets.cards import Roots
from db.reports import read_report
from db.sessions import transaction
from db.sweepbehaviours import Place
from domain.catalogue import Finder
from domain.reports import Report
from domain.rollouts import KEY, RolloutQuery
from domain.runs import MAX_SEED

MAX_ID = 2**63 - 1
MAX_STEP = 2**31 - 1


def get_settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def get_session(request: Request) -> Iterator[Session]:
    with transaction(cast(Engine, request.app.state.engine)) as session:
        yield session


def get_measures(request: Request) -> Measures:
    return cast(Measures, request.app.state.measures)


def get_lookout(request: Request) -> Lookout:
    return cast(Lookout, request.app.state.lookout)


def get_finder(request: Request) -> Finder:
    return get_roots(request).find


def get_roots(request: Request) -> Roots:
    return find_roots(get_settings(request))


def find_roots(settings: Settings) -> Roots:
    return Roots.of(settings.data, settings.models, settings.datasets)


def get_now() -> datetime:
    return datetime.now(UTC)


def without_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("contains a NUL character")
    return value


def split_names(value: str) -> list[str]:
    """Each once, in the given order."""
    return list(dict.fromkeys(name for name in value.split(",") if name))


# Scope "function": the commit happens before the reply is sent.
Db = Annotated[Session, Depends(get_session, scope="function")]
Config = Annotated[Settings, Depends(get_settings)]
Find = Annotated[Finder, Depends(get_finder)]
Measured = Annotated[Measures, Depends(get_measures)]
Lookouts = Annotated[Lookout, Depends(get_lookout)]
Now = Annotated[datetime, Depends(get_now)]

Text = Annotated[str, AfterValidator(without_nul)]
Id = Annotated[int, Path(alias="id", ge=1, le=MAX_ID)]
DeliveryId = Annotated[int, Path(ge=1, le=MAX_ID)]
SweepFilter = Annotated[int | None, Query(ge=1, le=MAX_ID)]
SeedFilter = Annotated[int | None, Query(ge=0, le=MAX_SEED)]
Transaction = Annotated[
    int | None, Query(ge=0, le=MAX_ID, description="A cursor: only what changed after it.")
]
LastEvent = Annotated[
    int | None, Header(ge=0, le=MAX_ID, description="The last event heard; sent by browsers.")
]
Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0, le=MAX_ID)]
Step = Annotated[int | None, Query(ge=0, le=MAX_STEP, description="Default: the last one.")]
ArmStep = Annotated[
    int | None, Query(ge=0, le=MAX_STEP, description="Default: the last of each arm.")
]
Search = Annotated[
    Text, Query(max_length=200, description="Part of a name, an owner, a model or a task.")
]
AttemptNumber = Annotated[int, Path(ge=1, le=MAX_STEP)]
WorkerName = Annotated[Text, Path(min_length=1, max_length=300, description="As listed.")]
ProblemKey = Annotated[str | None, Query(pattern=KEY, description="A `key` of the reply.")]
Said = Annotated[Text, Query(max_length=200, description="Part of the text, in any case.")]
Reason = Annotated[Text, Query(max_length=500, description="Why; kept with who did it.")]
KeyId = Annotated[Text, Path(alias="id", max_length=100, description="As `list` shows it.")]
ComparedK = Annotated[
    int | None, Query(ge=1, le=MAX_STEP, description="The k its words speak of: the largest.")
]
Thin = Annotated[
    bool,
    Query(description="Only k = 1, 2, 3, 4, 6, 8, 12, ..., the largest, and the k asked for."),
]
Baseline = Annotated[
    Text | None,
    Query(
        min_length=1,
        max_length=2000,
        description="The arm that the others are set against: the sweep's own baseline. Its name, "
        "or its template's where that has one arm.",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same body answers the same sweep; with another, 409.",
    ),
]

InquiryKey = Annotated[
    str | None,
    Query(pattern=r"^[0-9a-f]{12}$", description="A `key` of the reply: the latest that tells."),
]
ArmName = Annotated[
    Text, Query(min_length=1, max_length=2000, description="An arm, or `untrained`.")
]


def place_behaviour(inquiry: InquiryKey = None, step: ArmStep = None) -> Place:
    return Place(inquiry, step)


def get_report(
    request: Request, sweep_id: Id, now: Now, k: ComparedK = None, baseline: Baseline = None
) -> Report:
    """Read in a transaction that is over before a page with charts is made of it."""
    with transaction(cast(Engine, request.app.state.engine)) as db:
        return read_report(db, sweep_id, k, baseline, now)


SweepReport = Annotated[Report, Depends(get_report)]
BehaviourPlace = Annotated[Place, Depends(place_behaviour)]


def choose_rollouts(
    step: Step = None,
    problem: ProblemKey = None,
    correct: bool | None = None,
    search: Said = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> RolloutQuery:
    return RolloutQuery(step, problem, correct, search, limit, offset)


ChosenRollouts = Annotated[RolloutQuery, Depends(choose_rollouts)]

__all__ = [
    "Actor",
    "AnyCaller",
    "ArmName",
    "AttemptNumber",
    "Baseline",
    "BehaviourPlace",
    "ChosenRollouts",
    "ComparedK",
    "Config",
    "Db",
    "DeliveryId",
    "Find",
    "Id",
    "IdempotencyKey",
    "InquiryKey",
    "KeyId",
    "LastEvent",
    "Limit",
    "Lookouts",
    "Measured",
    "Now",
    "Offset",
    "Reason",
    "Search",
    "SeedFilter",
    "Step",
    "SweepFilter",
    "SweepReport",
    "Thin",
    "Transaction",
    "WorkerName",
    "find_roots",
    "split_names",
]
