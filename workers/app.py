"""The Celery application: one task, `wake`, whose message is only a hint that rows are due.

The rows in PostgreSQL are the queue, so a lost, doubled, stale or forged message is harmless and
the broker may be emptied at any time.
"""

import logging
import os
import signal
import sys
import threading
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_shutting_down
from celery.worker import state
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db import attempts, claims, workers
from db.readiness import expected_revision, is_outdated, read_revision
from db.sessions import OUTAGES, open_engine, transaction
from domain.logs import speaking_of
from workers.orders import Orders
from workers.outages import Outage
from workers.servers import TrainerServer
from workers.settings import Settings
from workers.supervisor import supervise
from workers.trainers import open_server

logger = logging.getLogger(__name__)

WAKE = "forkpoint.wake"


def configured(settings: Settings) -> Celery:
    """A Celery application on the broker; every wait on it is bounded."""
    app = Celery("forkpoint", broker=settings.redis_url, set_as_current=False)
    bounded = settings.broker_timeout_seconds
    app.conf.update(
        broker_transport="workers.messages:Transport",
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_acks_late=False,
        worker_disable_prefetch=True,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_proc_alive_timeout=60,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"socket_timeout": bounded, "socket_connect_timeout": bounded},
        task_publish_retry=False,
        task_default_queue=settings.device_kind,
    )
    return app


def serve(settings: Settings) -> None:
    """Runs this worker until SIGTERM; a run under way is drained first."""
    engine, orders = open_engine(settings.database_url, settings.statement_seconds), Orders()
    stop_on_signals(orders)
    app, server = configured(settings), open_server(settings)

    @app.task(name=WAKE)
    def wake() -> None:
        work(settings, engine, orders, server)

    @setup_logging.connect(weak=False)
    def leave_logging_alone(**_: Any) -> None:
        """Celery sets up logging of its own unless somebody listens here."""

    @worker_shutting_down.connect(weak=False)
    def drain(**_: Any) -> None:
        orders.stop.set()

    name = settings.name.replace("/", ".").replace(":", "")
    options = ["--pool=threads", "--concurrency=1", f"--hostname={name}"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO"]
    # Before the first message: what is taken back here must not be what this life has claimed.
    announce(settings, engine, orders)
    gone = threading.Event()
    told = (settings, engine, orders, gone)
    beats = threading.Thread(target=show_presence, args=told, daemon=True)
    beats.start()
    try:
        app.worker_main(["--quiet", "worker", *options, f"--queues={settings.device_kind}", *quiet])
    finally:
        if server:
            server.stop()
        gone.set()
        beats.join()  # a beat after it has left would announce it again
        leave(settings, engine)


def stop_on_signals(orders: Orders) -> None:
    """Until Celery hears them itself, which it does late: it starts nothing that shall stop."""

    def stop(*_: object) -> None:
        orders.stop.set()
        state.should_stop = os.EX_OK  # type: ignore[assignment]  # its types know None alone

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def work(settings: Settings, engine: Engine, orders: Orders, server: TrainerServer | None) -> None:
    """Claims and supervises runs until none is due or the worker shall take none."""
    while not orders.hand_back:
        with transaction(engine) as db:
            claim = claims.claim(db, settings.name, settings.device)
        if claim is None:
            return
        with speaking_of(run=claim.run_id, attempt=claim.attempt):
            logger.info("claimed run %d as attempt %d", claim.run_id, claim.attempt)
            supervise(settings, engine, claim, orders, server)


def announce(settings: Settings, engine: Engine, orders: Orders) -> None:
    """Registers the worker and takes back what its earlier life held; waits for the database."""
    outage = Outage("the database")
    while not orders.stop.is_set():
        try:
            with transaction(engine) as db:
                require_schema(db)
                attempts.lose_all_of(db, settings.name, settings.retries)
                workers.register(db, settings.identity)
            outage.end()
            return
        except OUTAGES as error:
            outage.tell(error.orig)
            orders.stop.wait(settings.tick_seconds)


def leave(settings: Settings, engine: Engine) -> None:
    try:
        with transaction(engine) as db:
            workers.leave(db, settings.identity)
    except OUTAGES as error:
        logger.warning("the database is away, and keeps this worker on its list: %s", error.orig)


def require_schema(db: Session) -> None:
    """Ends the program where the schema lacks what it needs; a newer one keeps what it needs."""
    revision, expected = read_revision(db), expected_revision()
    if is_outdated(revision):
        sys.exit(
            f"the database has the schema {revision or 'of no version'}, and this worker needs "
            f"{expected}: run `make migrate`, or start the new version's server first"
        )
    if revision != expected:
        logger.warning("the database's schema %s is newer than this worker's", revision)


def show_presence(
    settings: Settings, engine: Engine, orders: Orders, gone: threading.Event
) -> None:
    """Beats until the worker is gone, and hears whether it shall drain.

    On an error that no waiting mends, the worker is stopped.
    """
    outage = Outage("the database")
    while not gone.wait(settings.beat_seconds):
        try:
            with transaction(engine) as db:
                orders.hear(workers.see(db, settings.identity))
            outage.end()
        except OUTAGES as error:
            outage.tell(error.orig)
        except Exception:
            logger.exception("this worker cannot be seen any more; it drains and stops")
            os.kill(os.getpid(), signal.SIGTERM)
            return
