"""The compose file: Compose accepts it, and it promises what the documentation says it does."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.settings import Settings
from domain.environments import read

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docker-compose.yml"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["services"]
PASSWORDS = {"POSTGRES_PASSWORD": "one", "REDIS_PASSWORD": "two"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
_, *STAGES = re.split(r"^FROM .* AS (\w+)$", DOCKERFILE, flags=re.MULTILINE)
BODIES = dict(zip(STAGES[::2], STAGES[1::2], strict=True))


def find_compose() -> list[str] | None:
    """Compose from the package registry, as a command of its own, or as a plugin of Docker."""
    beside = Path(sys.executable).parent / "docker-compose"
    if beside.exists():
        return [str(beside)]
    if path := shutil.which("docker-compose"):
        return [path]
    docker = shutil.which("docker")
    if (
        docker
        and subprocess.run(
            [docker, "compose", "version"], check=False, capture_output=True
        ).returncode
        == 0
    ):
        return [docker, "compose"]
    return None


COMPOSE = find_compose()
needs_compose = pytest.mark.skipif(COMPOSE is None, reason="Docker Compose is not installed here")


def config(tmp_path: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    assert COMPOSE is not None
    (tmp_path / "empty.env").touch()
    options = ["-f", str(FILE), "--env-file", str(tmp_path / "empty.env"), "--profile", "gpu"]
    return subprocess.run(
        [*COMPOSE, *options, "config"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_compose
def test_compose_accepts_the_file_and_says_nothing(tmp_path: Path) -> None:
    done = config(tmp_path, PASSWORDS)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES)


@needs_compose
@pytest.mark.parametrize("missing", PASSWORDS)
def test_compose_refuses_a_missing_password_by_name(tmp_path: Path, missing: str) -> None:
    done = config(tmp_path, {name: value for name, value in PASSWORDS.items() if name != missing})
    assert done.returncode != 0
    assert f"{missing} is missing a value" in done.stderr


def test_every_program_of_the_service_is_there() -> None:
    assert set(SERVICES) == {
        *("postgres", "redis", "migrate", "api", "dispatcher", "worker", "worker-gpu")
    }


def test_only_the_api_is_published_and_on_loopback_alone() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in published["api"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["init"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] in ("unless-stopped", "on-failure:3")


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_healthy_or_says_why_it_is_not_asked(name: str) -> None:
    service = SERVICES[name]
    from_image = name == "api" and "HEALTHCHECK --interval" in BODIES["api"]
    assert from_image or "test" in service["healthcheck"] or service["healthcheck"]["disable"]


@pytest.mark.parametrize("name", ["api", "dispatcher", "worker", "worker-gpu"])
def test_programs_wait_for_the_database_and_its_schema(name: str) -> None:
    conditions = SERVICES[name]["depends_on"]
    assert conditions["postgres"]["condition"] == "service_healthy"
    assert conditions["migrate"]["condition"] == "service_completed_successfully"


def test_every_image_of_ours_is_built_by_one_service() -> None:
    builders = [service["image"] for service in SERVICES.values() if "build" in service]
    assert sorted(builders) == ["forkpoint-api", "forkpoint-worker", "forkpoint-worker-gpu"]
    used = {service["image"] for service in SERVICES.values()}
    assert used == {*builders, "postgres:17", "redis:7"}


def test_images_of_ours_are_never_pulled() -> None:
    kept = {name for name, service in SERVICES.items() if service.get("pull_policy") == "never"}
    assert kept == set(SERVICES) - {"postgres", "redis"}


@pytest.mark.parametrize("name", ["worker", "worker-gpu"])
def test_a_workers_health_check_needs_no_key(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "-m", "workers.health"]


@pytest.mark.parametrize(("password", "refused"), [("change-me", True), ("k3yT0one", False)])
def test_the_broker_does_not_start_on_a_password_that_everybody_tries(
    tmp_path: Path, password: str, refused: bool
) -> None:
    """The container's own command, with a server that says so in the place of Redis."""
    server, command = tmp_path / "redis-server", SERVICES["redis"]["command"]
    server.write_text("#!/bin/sh\necho started\n")
    server.chmod(0o755)
    script = command[-1].replace("$$", "$").replace("/tmp/", f"{tmp_path}/")  # noqa: S108
    done = subprocess.run(
        [*command[:-1], script],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "REDIS_PASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("started" in done.stdout) is not refused
    assert ("choose another" in done.stderr) is refused


@pytest.mark.parametrize("password", ["change-me", "postgres"])
def test_the_api_does_not_start_on_a_password_that_everybody_tries(
    password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql+psycopg://forkpoint:{password}@server:5432/sweeps"
    monkeypatch.setenv("FORKPOINT_DATABASE_URL", url)
    with pytest.raises(SystemExit) as ended:
        read(Settings)
    told = "FORKPOINT_DATABASE_URL: its password is one that everybody tries first; choose another"
    assert str(ended.value) == told


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_knows_only_the_servers_it_speaks_to(name: str) -> None:
    known = SERVICES[name].get("environment", {})
    broker = {"FORKPOINT_REDIS_URL", "REDIS_PASSWORD"} & set(known)
    assert bool(broker) == (name in ("redis", "dispatcher", "worker", "worker-gpu"))


@pytest.mark.parametrize("name", SERVICES)
def test_only_workers_are_given_the_hubs_token_and_may_do_without(name: str) -> None:
    given = SERVICES[name].get("environment", {}).get("HF_TOKEN")
    assert given == ("${HF_TOKEN:-}" if name in ("worker", "worker-gpu") else None)
    assert "#HF_TOKEN=" in (ROOT / ".env.example").read_text().splitlines()


@pytest.mark.parametrize("name", ["worker", "worker-gpu"])
def test_a_worker_has_longer_to_stop_than_to_drain(name: str) -> None:
    assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > 300


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_servers_are_out_of_reach_from_outside(name: str) -> None:
    assert SERVICES[name]["networks"] == ["inside"]
    assert yaml.safe_load(FILE.read_text())["networks"]["inside"] == {"internal": True}


def test_models_and_datasets_are_shared_and_read_only_to_the_api() -> None:
    for name, kept in (("models", "/models"), ("datasets", "/datasets")):
        volume = f"${{FORKPOINT_{name.upper()}:-{name}}}:{kept}"
        assert volume in SERVICES["worker"]["volumes"]
        assert volume in SERVICES["worker-gpu"]["volumes"]
        assert f"{volume}:ro" in SERVICES["api"]["volumes"]


def test_no_secret_has_a_default() -> None:
    uses = re.findall(r"\$\{\w*PASSWORD[^}]*\}", FILE.read_text())
    assert len(uses) >= 4
    assert all(":?" in use for use in uses)


def test_the_example_environment_holds_no_password() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if "PASSWORD" in line] == [f"{name}=" for name in PASSWORDS]


def test_images_run_as_an_ordinary_user_and_build_without_buildkit() -> None:
    assert "<<" not in DOCKERFILE
    assert "--mount" not in DOCKERFILE
    assert list(BODIES) == ["frontend", "wheels", "api", "worker"]
    assert all(
        BODIES[name].rstrip().rpartition("USER ")[2].startswith("forkpoint")
        for name in ("api", "worker")
    )


def test_the_builder_is_given_what_the_stages_copy() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE)
    given = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    needed = {source.partition("/")[0] for sources in copied for source in sources.split()}
    assert needed == set(given)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no tag tells who built a wheel")
def test_what_is_published_as_source_alone_is_compiled_in_a_stage_that_has_a_compiler() -> None:
    """A registry takes no wheel tagged plain linux: whichever is installed was compiled here."""
    compiled = {
        found.metadata["Name"]
        for found in distributions()
        if re.search(r"^Tag: .*-linux_\w+$", found.read_text("WHEEL") or "", flags=re.MULTILINE)
    }
    built = set(re.findall(r"grep '\^([\w-]+)==' constraints.txt", BODIES["wheels"]))
    assert compiled <= built
    assert "--find-links /wheels" in BODIES["api"]


def test_packages_installed_before_our_code_find_it_later() -> None:
    """An editable install lists the folders that hold Python files, unless it is told otherwise."""
    before, _, after = BODIES["api"].partition("-e '.[api,cli]'")
    assert "COPY api" not in before
    assert "COPY api api" in after
    built = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert built["targets"]["wheel"]["dev-mode-dirs"] == ["."]


def test_the_api_image_does_without_the_machine_learning_stack() -> None:
    assert "-e '.[api,cli]'" in BODIES["api"]
    assert "trainer]" not in BODIES["api"]
