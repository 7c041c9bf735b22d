"""Who a command acts for: the machine's own key, one that was given, or the database itself."""

import json
import re
import stat
from pathlib import Path
from subprocess import CompletedProcess

import httpx
import pytest

from cli.credentials import Access, find_key, read_access, write_access
from cli.errors import BadInput
from cli.keys import lifetime
from tests.cli.conftest import Run
from tests.stacks import Stack, clean_environment, run_here

KEY = re.compile(r"fp_[0-9a-f]{12}_[0-9A-Za-z]{49}")


def elsewhere(stack: Stack, *arguments: str, **environment: str) -> CompletedProcess[str]:
    """A command of somebody who has no way to the data folder."""
    known = clean_environment() | {"FORKPOINT_URL": stack.url, "FORKPOINT_DATA": "/nowhere"}
    return run_here(*arguments, environment=known | environment)


def test_a_key_is_printed_alone_listed_used_and_revoked(stack: Stack, run: Run) -> None:
    made = run("key", "create", "ada", "--role", "viewer", "--expires", "30d")
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip()
    assert KEY.fullmatch(key)
    assert "shown this once" in made.stderr
    listed = run("key", "list").stdout
    assert "ada" in listed
    assert key not in listed
    assert elsewhere(stack, "sweep", "list", FORKPOINT_API_KEY=key).returncode == 0
    assert elsewhere(stack, "--key", key, "sweep", "list").returncode == 0
    forbidden = elsewhere(stack, "key", "list", FORKPOINT_API_KEY=key)
    assert "needs the role admin" in forbidden.stderr
    [row] = [row for row in json.loads(run("key", "list", "--json").stdout) if row["name"] == "ada"]
    assert "is revoked" in run("key", "revoke", row["id"]).stdout
    refused = elsewhere(stack, "sweep", "list", FORKPOINT_API_KEY=key)
    assert (refused.returncode, "was revoked" in refused.stderr) == (1, True)


def test_without_a_key_a_command_says_how_to_get_one(stack: Stack) -> None:
    refused = elsewhere(stack, "sweep", "list")
    assert refused.returncode == 1
    assert "forkpoint key create" in refused.stderr
    assert "FORKPOINT_DATA" in refused.stderr


def test_sign_in_prints_a_link_that_works(run: Run) -> None:
    url, _, token = run("sign-in").stdout.strip().partition("/sign-in#")
    reply = httpx.post(f"{url}/api/session", json={"token": token})
    assert (reply.status_code, reply.json()["role"]) == (200, "admin")


@pytest.mark.parametrize("command", [("sweep", "list"), ("sign-in",)])
def test_a_command_finds_the_stack_in_its_data_folder(
    stack: Stack, command: tuple[str, ...]
) -> None:
    here = clean_environment() | {"FORKPOINT_DATA": str(stack.data)}
    done = run_here(*command, environment=here)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("option", "environment"),
    [
        (("--url", "http://127.0.0.1:9"), {}),
        (("--url", "http://127.0.0.1:9"), {"FORKPOINT_URL": "http://127.0.0.1:7"}),
        ((), {"FORKPOINT_URL": "http://127.0.0.1:9"}),
    ],
)
def test_an_address_that_is_given_comes_before_that_of_the_data_folder(
    stack: Stack, option: tuple[str, ...], environment: dict[str, str]
) -> None:
    here = clean_environment() | {"FORKPOINT_DATA": str(stack.data)} | environment
    done = run_here("sweep", "list", *option, environment=here)
    assert "nothing answers at http://127.0.0.1:9 " in done.stderr


def test_no_secret_is_in_a_log_or_open_to_others(stack: Stack) -> None:
    file = stack.data / "run" / "access.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    access = read_access(stack.data)
    assert access is not None
    secrets = (access.key, stack.sign_in.partition("#")[2])
    logs = list((stack.data / "logs").glob("*.log"))
    assert logs
    for log in logs:
        assert not [secret for secret in secrets if secret in log.read_text(errors="replace")]


def test_whoever_has_the_database_makes_the_first_key(database_url: str, stack: Stack) -> None:
    own = {"FORKPOINT_DATABASE_URL": database_url}
    made = elsewhere(stack, "key", "create", "first", "--role", "admin", **own)
    assert KEY.fullmatch(made.stdout.strip()), made.stderr
    [row] = json.loads(elsewhere(stack, "key", "list", "--json", **own).stdout)
    assert (row["name"], row["role"], row["created_by"]) == ("first", "admin", "local")
    again = elsewhere(stack, "key", "create", "first", **own)
    assert (again.returncode, "is in use" in again.stderr) == (2, True)
    assert elsewhere(stack, "key", "revoke", row["id"], **own).returncode == 0


def test_the_key_of_a_stack_goes_to_its_own_address_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORKPOINT_DATA", str(tmp_path))
    monkeypatch.delenv("FORKPOINT_API_KEY", raising=False)
    (tmp_path / "run").mkdir()
    write_access(tmp_path, Access(url="http://127.0.0.1:8000", key="ours"))
    assert find_key("http://127.0.0.1:8000") == "ours"
    assert find_key("http://127.0.0.1:8001") is None
    assert find_key("https://forkpoint.example") is None
    monkeypatch.setenv("FORKPOINT_API_KEY", "given")
    assert find_key("http://127.0.0.1:8000") == "given"
    monkeypatch.setenv("FORKPOINT_API_KEY", "two\nlines")
    with pytest.raises(BadInput, match="copied whole"):
        find_key("http://127.0.0.1:8000")


@pytest.mark.parametrize("text", ["", "30", "d", "0d", "-1d", "1m", "30 d", "99999d"])
def test_a_lifetime_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="such as 12h"):
        lifetime(text)
