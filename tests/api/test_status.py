"""Health, readiness and catalogue over HTTP."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session

from api.settings import Settings
from db import workers
from db.workers import Identity
from tests.api.conftest import local_key, serving
from tests.conftest import CreateDatabase


def identity(name: str) -> Identity:
    return Identity(name=name, host="here", device="cpu:0", device_kind="cpu", pid=1)


def test_the_api_is_alive(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_the_api_is_ready_when_the_schema_is_current(client: httpx.Client, rows: Session) -> None:
    workers.register(rows, identity("worker-1"))
    rows.commit()
    assert client.get("/ready").json() == {"schema_current": True, "workers": 1}


def test_the_api_is_not_ready_without_its_schema(
    empty_database: CreateDatabase, tmp_path: Path
) -> None:
    settings = Settings(database_url=empty_database(), frontend_dist=tmp_path)
    with serving(settings) as address:
        reply = httpx.get(f"{address}/api/ready")
    assert (reply.status_code, reply.json()["code"]) == (503, "unavailable")
    assert "alembic upgrade head" in reply.json()["message"]


@pytest.fixture
def stranded(tmp_path: Path) -> Settings:
    """Settings that lead to no database."""
    url = f"postgresql+psycopg://nobody@/nothing?host={tmp_path}"
    return Settings(database_url=url, frontend_dist=tmp_path)


def test_the_api_is_not_ready_without_its_database(stranded: Settings) -> None:
    with serving(stranded) as address:
        reply = httpx.get(f"{address}/api/ready")
    assert (reply.status_code, reply.json()["code"]) == (503, "unavailable")


def test_the_api_is_alive_without_its_database(stranded: Settings) -> None:
    with serving(stranded) as address:
        assert httpx.get(f"{address}/api/health").status_code == 200


def test_the_catalogue_names_models_and_tasks(client: httpx.Client) -> None:
    catalogue = client.get("/catalogue").json()
    assert [model["name"] for model in catalogue["models"]] == ["countdown-tiny", "smollm2-135m"]
    assert [task["name"] for task in catalogue["tasks"]] == ["countdown"]


def test_the_catalogue_names_the_word_lists_of_analyses(client: httpx.Client) -> None:
    assert client.get("/catalogue").json()["lexicons"] == ["english-1", "countdown-1"]


def test_the_catalogue_names_families_and_the_folders_of_data_sets(
    database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "datasets" / "gsm8k").mkdir(parents=True)
    (tmp_path / "datasets" / "gsm8k" / "train.jsonl").touch()
    settings = Settings(database_url=database_url, frontend_dist=tmp_path, data=tmp_path)
    headers = local_key(database_url)
    with serving(settings) as address:
        catalogue = httpx.get(f"{address}/api/catalogue", headers=headers).json()
    assert "reasoning-gym/products" in catalogue["families"]
    assert catalogue["folders"] == ["./gsm8k"]


def test_the_catalogue_has_the_examples_as_text(client: httpx.Client) -> None:
    [example] = client.get("/catalogue").json()["examples"]
    assert (example["name"], example["yaml"]) == ("small", "name: small\n")
    assert (example["device"], example["time"]) == ("", "")
