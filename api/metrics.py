"""What Prometheus reads: the state of the service, and how fast it answers.

One registry for each application. The state is read from the database when it is asked for, at most
once in CACHE_SECONDS however many ask, over a connection of its own: a busy API is measured too.
"""

import shutil
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from cachetools import TTLCache, cachedmethod
from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.settings import Settings
from db.sessions import open_engine, transaction
from db.vitals import Vitals, read_vitals

CACHE_SECONDS = 2.0
STATEMENT_SECONDS = 5.0
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
L = TypeVar("L", bound=tuple[str, ...])
TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}
}


class Measures:
    """The registry, and what requests are measured with. Must be closed."""

    def __init__(self, settings: Settings) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "forkpoint_request_seconds",
            "How long requests took, by route.",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.state = State(settings)
        self.registry.register(self.state)
        ProcessCollector(registry=self.registry)

    def render(self) -> Response:
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

    def close(self) -> None:
        self.state.engine.dispose()


class State(Collector):
    def __init__(self, settings: Settings) -> None:
        self.engine = open_engine(settings.database_url, STATEMENT_SECONDS, pool_size=1)
        self.alive_seconds = settings.alive_seconds
        self.data = settings.data
        self.cache: TTLCache[object, Vitals | None] = TTLCache(1, CACHE_SECONDS)
        self.lock = Lock()

    @cachedmethod(lambda self: self.cache, lock=lambda self: self.lock)
    def read(self) -> Vitals | None:
        """None while the database does not answer, or lacks the schema."""
        try:
            with transaction(self.engine) as db:
                return read_vitals(db, self.alive_seconds)
        except SQLAlchemyError:
            return None

    def collect(self) -> Iterable[Metric]:
        vitals = self.read()
        yield gauge("info", "What runs here.", {(version("forkpoint"),): 1}, "version")
        yield gauge("database_up", "Whether the database answers.", {(): float(vitals is not None)})
        yield from disk_families(self.data)
        if vitals:
            yield from run_families(vitals)
            yield from worker_families(vitals)
            yield from delivery_families(vitals)


def run_families(vitals: Vitals) -> Iterable[Metric]:
    yield gauge("runs", "Runs by state.", {(name,): n for name, n in vitals.runs.items()}, "status")
    yield gauge("runs_due", "Runs that could start now if a worker were free.", {(): vitals.due})
    oldest = "How long the oldest run that could start has been waiting."
    yield gauge("run_oldest_due_seconds", oldest, {(): vitals.oldest_due_seconds})
    quietest = "How long ago the quietest run under way was last heard of."
    yield gauge("run_heartbeat_age_seconds", quietest, {(): vitals.quietest_run_seconds})
    written = CounterMetricFamily(
        "forkpoint_rows_written", "Metric points and grades stored.", labels=["kind"]
    )
    for kind, number in vitals.written.items():
        written.add_metric([kind], number)
    yield written


def worker_families(vitals: Vitals) -> Iterable[Metric]:
    yield gauge("workers", "Workers by state.", vitals.workers, "state", "device_kind")
    quietest = "How long ago the quietest registered worker was last heard of."
    yield gauge("worker_heartbeat_age_seconds", quietest, {(): vitals.quietest_worker_seconds})


def delivery_families(vitals: Vitals) -> Iterable[Metric]:
    counted = {(fate,): number for fate, number in vitals.deliveries.items()}
    yield gauge("deliveries", "Webhook deliveries of the last 30 days.", counted, "fate")
    oldest = "How long the oldest undelivered message has been waiting."
    yield gauge("delivery_oldest_pending_seconds", oldest, {(): vitals.oldest_delivery_seconds})


def disk_families(folder: Path) -> Iterable[Metric]:
    """Of the data folder, where the API sees it, as under `forkpoint up`."""
    if folder.is_dir():
        usage = shutil.disk_usage(folder)
        yield gauge("disk_free_bytes", "Free space under the data folder.", {(): usage.free})
        yield gauge("disk_size_bytes", "All space under the data folder.", {(): usage.total})


def gauge(name: str, text: str, values: Mapping[L, float], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"forkpoint_{name}", text, labels=labels)
    for labelled, value in values.items():
        family.add_metric(labelled, value)
    return family
