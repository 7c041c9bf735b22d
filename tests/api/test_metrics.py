"""What Prometheus reads, as its own parser understands it."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, text, update
from sqlalchemy.orm import Session

from api.metrics import Measures
from api.settings import Settings
from db import runs, webhooks
from db.models import Run
from db.outsiders import Delivery
from domain.access import Role
from domain.webhooks import parse_webhook
from tests.api.conftest import Clients
from tests.factories import claim_run, enlist, finish_runs, submit_sweep
from tests.stacks import wait_until

Labels = tuple[tuple[str, str], ...]
Samples = dict[tuple[str, Labels], float]
Scrape = Callable[[], Samples]


def parsed(reply: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(reply)
        for sample in family.samples
    }


@pytest.fixture
def scrape(client: httpx.Client, rows: Session, tmp_path: Path) -> Scrape:
    """Reads the numbers as they are now: each time from a collector that remembers none."""
    url = rows.get_bind().engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, data=tmp_path)

    def scrape() -> Samples:
        rows.execute(text("SELECT pg_stat_force_next_flush()"))
        rows.commit()
        measures = Measures(settings)
        body = bytes(measures.render().body).decode()
        measures.close()
        return parsed(body)

    return scrape


def one(samples: Samples, name: str, **labels: str) -> float:
    return samples[f"forkpoint_{name}", tuple(sorted(labels.items()))]


def test_runs_are_counted_by_state_and_age(rows: Session, scrape: Scrape) -> None:
    submit_sweep(rows)
    claim = claim_run(rows)
    past = func.now() - text("interval '90 seconds'")
    rows.execute(update(Run).where(Run.status == "queued").values(due_at=past))
    rows.execute(update(Run).where(Run.id == claim.run_id).values(heartbeat_at=past))
    seen = scrape()
    assert one(seen, "database_up") == 1
    assert [one(seen, "runs", status=name) for name in ("queued", "running", "failed")] == [4, 1, 0]
    assert one(seen, "runs_due") == 4
    assert 90 <= one(seen, "run_oldest_due_seconds") < 100
    assert 90 <= one(seen, "run_heartbeat_age_seconds") < 100


def test_a_queue_that_is_empty_has_no_age(scrape: Scrape) -> None:
    seen = scrape()
    assert one(seen, "runs_due") == 0
    assert one(seen, "run_oldest_due_seconds") == 0
    assert one(seen, "run_heartbeat_age_seconds") == 0


def test_runs_that_a_cancel_has_stopped_are_not_due(rows: Session, scrape: Scrape) -> None:
    submit_sweep(rows)
    claim = claim_run(rows)
    runs.cancel(rows, claim.run_id, "tester", "enough")
    seen = scrape()
    assert one(seen, "runs", status="cancelling") == 1
    assert one(seen, "runs_due") == 4


def test_workers_are_counted_by_state_and_kind_of_device(rows: Session, scrape: Scrape) -> None:
    now = func.now()
    states: dict[str, dict[str, object]] = {
        "works": {},
        "idle": {"device_kind": "cuda"},
        "silent": {"seen_at": func.to_timestamp(0)},
        "parked": {"parked_at": now},
        "drained": {"draining_at": now},
    }
    for name, known in states.items():
        enlist(rows, name, **({"seen_at": now} | known))
    submit_sweep(rows)
    claim_run(rows, "works")
    seen = scrape()
    kinds = {"works": "working", "silent": "silent", "parked": "parked", "drained": "drained"}
    for state in kinds.values():
        assert one(seen, "workers", state=state, device_kind="cpu") == 1, state
    assert one(seen, "workers", state="idle", device_kind="cuda") == 1
    assert one(seen, "worker_heartbeat_age_seconds") > 1e9


def test_what_is_stored_is_counted_as_it_grows(rows: Session, scrape: Scrape) -> None:
    before = scrape()
    submit_sweep(rows)
    finish_runs(rows, lambda _: [1, 2, 3, 4])
    seen = scrape()
    grown = {
        kind: one(seen, "rows_written_total", kind=kind)
        - one(before, "rows_written_total", kind=kind)
        for kind in ("points", "grades")
    }
    assert grown == {"points": 5 * 2, "grades": 5 * 4}


def test_deliveries_are_counted_by_fate(rows: Session, scrape: Scrape) -> None:
    number = webhooks.add(rows, parse_webhook({"url": "https://example.org"}), "tester").id
    ids = [webhooks.send_test(rows, number, "tester") for _ in range(3)]
    rows.execute(update(Delivery).where(Delivery.id == ids[0]).values(due_at=None))
    arrived = {"due_at": None, "delivered_at": func.now()}
    rows.execute(update(Delivery).where(Delivery.id == ids[1]).values(**arrived))
    seen = scrape()
    fates = ("pending", "delivered", "given_up")
    assert [one(seen, "deliveries", fate=fate) for fate in fates] == [1, 1, 1]


def test_the_disk_of_the_data_folder_is_measured(scrape: Scrape) -> None:
    seen = scrape()
    assert 0 < one(seen, "disk_free_bytes") <= one(seen, "disk_size_bytes")


def test_requests_are_measured_by_route_and_not_by_address(client: httpx.Client) -> None:
    before = parsed(client.get("/metrics").text)
    for number in (71, 72, 73):
        assert client.get(f"/runs/{number}").status_code == 404
    client.get("/nothing/of/that/kind")
    client.request("BREW", "/health")

    def grown(**labels: str) -> float:
        after = parsed(client.get("/metrics").text)
        assert "71" not in {value for _, labels in after for _, value in labels}
        key = ("forkpoint_request_seconds_count", tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    # A request is measured once its reply is on the way: shortly after it may have arrived.
    wait_until(lambda: grown(method="GET", route="/api/runs/{id}", status="404") == 3)
    wait_until(lambda: grown(method="GET", route="unknown", status="404") == 1)
    wait_until(lambda: grown(method="other", route="/api/health", status="405") == 1)


def test_viewers_and_workers_may_read_it_and_nobody_without_a_key(clients: Clients) -> None:
    for role in (Role.VIEWER, Role.WORKER):
        reply = clients(role).get("/metrics")
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/plain")
    assert httpx.get(str(clients(Role.VIEWER).base_url.join("metrics"))).status_code == 401


def test_a_database_that_is_away_is_said_and_nothing_is_made_up(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://nobody@/nothing?host={tmp_path}"
    measures = Measures(Settings(database_url=url, data=tmp_path))
    seen = parsed(bytes(measures.render().body).decode())
    measures.close()
    assert one(seen, "database_up") == 0
    assert not {name for name, _ in seen if name.startswith("forkpoint_run")}


def test_many_who_ask_at_once_cost_one_look(rows: Session, tmp_path: Path) -> None:
    url = rows.get_bind().engine.url.render_as_string(hide_password=False)
    measures = Measures(Settings(database_url=url, data=tmp_path))
    first = measures.state.read()
    assert first is not None
    assert measures.state.read() is first
    measures.close()
