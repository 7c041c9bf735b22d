"""The Celery application: one task, `wake`, whose message is only a hint that rows are due.

The rows in PostgreSQL are the queue, so a lost, doubled, stale or forged message is harmless and
the broker may be emptied at any time.
"""

import logging
import threading
from typing import Any

from celery import Celery
from celery.signals import worker_ready, worker_shutting_down
from sqlalchemy import Engine

from db import attempts, workers
from db.sessions import OUTAGES, open_engine, transaction
from workers.settings import Settings
from workers.supervisor import supervise

logger = logging.getLogger(__name__)

WAKE = "forkpoint.wake"


def configured(settings: Settings) -> Celery:
    """A Celery application on the broker; every wait on it is bounded."""
    app = Celery("forkpoint", broker=settings.redis_url, set_as_current=False)
    bounded = settings.broker_timeout_seconds
    app.conf.update(
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
    engine, draining = open_engine(settings.database_url), threading.Event()
    app = configured(settings)

    @app.task(name=WAKE)
    def wake() -> None:
        work(settings, engine, draining)

    @worker_ready.connect(weak=False)
    def announce(**_: Any) -> None:
        threading.Thread(target=show_presence, args=(settings, engine), daemon=True).start()

    @worker_shutting_down.connect(weak=False)
    def drain(**_: Any) -> None:
        draining.set()

    name = settings.identity.name.replace("/", ".").replace(":", "")
    options = ["--pool=threads", "--concurrency=1", f"--hostname={name}"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO"]
    try:
        app.worker_main(["worker", *options, f"--queues={settings.device_kind}", *quiet])
    finally:
        with transaction(engine) as db:
            workers.leave(db, settings.identity.name)


def work(settings: Settings, engine: Engine, draining: threading.Event) -> None:
    """Claims and supervises runs until none is due or the worker shall stop."""
    while not draining.is_set():
        with transaction(engine) as db:
            claim = attempts.claim(db, settings.identity.name, settings.device)
        if claim is None:
            return
        logger.info("claimed run %d as attempt %d", claim.run_id, claim.attempt)
        supervise(settings, engine, claim, draining)


def show_presence(settings: Settings, engine: Engine) -> None:
    """Announces the worker, takes back what its earlier life held, then beats while it lives."""
    announced, pause = False, threading.Event()
    while True:
        try:
            with transaction(engine) as db:
                if announced:
                    workers.see(db, settings.identity.name)
                else:
                    attempts.lose_all_of(db, settings.identity.name, settings.retries)
                    workers.register(db, settings.identity)
            announced = True
        except OUTAGES as error:
            logger.warning("the database is away: %s", error.orig)
        pause.wait(settings.beat_seconds)
