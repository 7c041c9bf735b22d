"""What pages that stay open are told, as server-sent events: names, shapes, and who hears what."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fastapi.sse import format_sse_event

from api.schemas import Progress, Reply, RunSummary
from db.changes import ChangedRun, News
from db.progress import Progress as ProgressRow
from domain.lifecycle import LIVE

EventName = Literal["runs", "changed", "beat", "away", "reset"]
RETRY_MS = 1000
PING = format_sse_event(comment="ping")
RETRY = format_sse_event(retry=RETRY_MS)


class RunsEvent(Reply):
    """`runs`: runs of the sweep that was asked for, as they are now, and how far it has come."""

    sweep_id: int
    runs: list[RunSummary]
    progress: Progress


class ChangedEvent(Reply):
    """`changed`: what whoever shows it should ask for anew.

    `sweeps` were steered, or runs of theirs moved; runs of `measured` recorded something (what an
    analysis finds is told when it ends); `runs` are those that did either; `workers` says that one
    came, went, or is in another state.
    """

    sweeps: list[int]
    measured: list[int]
    runs: list[int]
    workers: bool


class NoticeEvent(Reply):
    """`beat`: nothing has changed. `away`: the database does not answer, so that nobody knows.
    `reset`: so much has changed that everything is better asked for anew."""

    message: str


EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": get_args(EventName)},
        "data": {"type": "string", "contentMediaType": "application/json"},
        "id": {"type": "string"},
    },
    "required": ["event", "data"],
}
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events, `event: name` with JSON as `data`: `runs` (RunsEvent), "
        "`changed` (ChangedEvent), and `beat`, `away`, `reset` (NoticeEvent). An `id` is a cursor.",
        "content": {"text/event-stream": {"schema": EVENT}},
    }
}
KINDS = (RunsEvent, ChangedEvent, NoticeEvent)
BEAT = NoticeEvent(message="nothing has changed")
AWAY = NoticeEvent(message="the database does not answer")
RESET = NoticeEvent(message="much has changed")


@dataclass(frozen=True)
class Listening:
    """To which sweep, and since when; `resumed` for one that came with a cursor, just now.

    It may have missed what others heard.
    """

    sweep: int | None
    since: int
    resumed: bool


@dataclass(frozen=True)
class Look:
    """News beside those of the look before: which live runs moved, and which have a new pulse.

    `progress` is of the sweeps that somebody listens to.
    """

    news: News
    moved: Collection[int]
    pulsed: Collection[int]
    workers: bool
    progress: dict[int, ProgressRow]

    @property
    def cursor(self) -> str:
        return str(self.news.moment.oldest)


def tell(look: Look, to: Listening) -> Iterator[bytes]:
    """What somebody hears of a look. Whoever comes back hears of all that is live."""
    if to.since < look.news.since or to.since > look.news.moment.next:
        yield encode("reset", RESET, look.cursor)
        return
    runs = [run for run in look.news.runs if has_moved(run, look, to)]
    changed = summarise(look, runs, to)
    own = [run for run in runs if run.sweep_id == to.sweep]
    if to.sweep in look.progress and (own or to.sweep in changed.sweeps):
        parts = {"sweep_id": to.sweep, "runs": own, "progress": look.progress[to.sweep]}
        yield encode("runs", RunsEvent.model_validate(parts), look.cursor)
    if changed.sweeps or changed.runs or changed.workers:
        yield encode("changed", changed, look.cursor)


def has_moved(run: ChangedRun, look: Look, to: Listening) -> bool:
    return is_written(run, to) or run.id in look.moved or is_late(run, to)


def is_late(run: ChangedRun, to: Listening) -> bool:
    return to.resumed and run.status in LIVE


def is_written(run: ChangedRun, to: Listening) -> bool:
    return run.written is not None and run.written >= to.since


def summarise(look: Look, runs: Collection[ChangedRun], to: Listening) -> ChangedEvent:
    written = {run.sweep_id for run in runs if is_written(run, to)}
    steered = {sweep for sweep, last in look.news.sweeps.items() if last >= to.since}
    measured = [run for run in look.news.runs if run.id in look.pulsed or is_late(run, to)]
    return ChangedEvent(
        sweeps=sorted(written | steered),
        measured=sorted({run.sweep_id for run in measured if run.analysed_step is None}),
        runs=sorted({run.id for run in (*runs, *measured)}),
        workers=look.workers or to.resumed or bool(written),
    )


def encode(name: EventName, data: Reply, cursor: str | None = None) -> bytes:
    return format_sse_event(event=name, data_str=data.model_dump_json(), id=cursor)
