"""Models of the hub, fetched from a server of our own that speaks its language."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from domain.events import EVENTS, Graded
from domain.lifecycle import ExitCode
from tests.conftest import ROOT
from tests.trainer.conftest import make_spec, run_events
from trainer.models import FOLDERS

Process = subprocess.Popen[str]

COMMIT, OTHER = "0123456789abcdef" * 2 + "01234567", "f" * 40
TINY = FOLDERS["countdown-tiny"]
PICKLED = {"config.json": b"{}", "tokenizer.json": b"{}", "pytorch_model.bin": b"pickle"}
REPOSITORIES = {
    "us/tiny": {path.name: path.read_bytes() for path in TINY.iterdir()} | {"own.py": b"exit()"},
    "us/pickled": PICKLED,
}


class Hub(BaseHTTPRequestHandler):
    """The four answers that fetching a model takes; errors as the hub words them."""

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, body: bool) -> None:
        path = self.path.partition("?")[0].removeprefix("/").removeprefix("api/models/")
        owner, name, what, commit, *rest = f"{path}///".split("/")
        files = REPOSITORIES.get(f"{owner}/{name}")
        if files is None or commit != COMMIT:
            return self.refuse(f"{owner}/{name}", found=files is not None)
        if what == "resolve":
            return self.send(files["/".join(rest).rstrip("/")], body)
        if what == "tree":
            listing: object = [
                {"type": "file", "path": path, "size": len(raw), "oid": digest(raw)}
                for path, raw in files.items()
            ]
        else:
            siblings = [{"rfilename": path} for path in files]
            listing = {"id": f"{owner}/{name}", "sha": COMMIT, "siblings": siblings}
        return self.send(json.dumps(listing).encode(), body)

    def refuse(self, name: str, found: bool) -> None:
        gated = name == "us/gated"
        code = "GatedRepo" if gated else "RevisionNotFound" if found else "RepoNotFound"
        self.send_response(403 if gated else 404)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send(self, raw: bytes, body: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("ETag", f'"{digest(raw)}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if body:
            self.wfile.write(raw)


def digest(raw: bytes) -> str:
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def environment(cache: Path, **changes: str) -> dict[str, str]:
    others = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    return others | {"HF_HOME": str(cache), "HF_HUB_DISABLE_XET": "1"} | changes


def begin(name: str, cache: Path, **changes: str) -> Process:
    """A trainer on the base model of that name and commit."""
    spec = make_spec({"method": "base"}, model=name, model_version=name.partition("@")[2])
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(cache, **changes),
        text=True,
    )
    assert process.stdin
    process.stdin.write(spec.model_dump_json())
    process.stdin.close()
    process.stdin = None
    return process


def end(process: Process) -> tuple[int, str, str]:
    """A trainer's exit code, events and log."""
    said, log = process.communicate(timeout=120)
    return process.returncode, said, log


def evaluate(name: str, cache: Path, **changes: str) -> tuple[int, str, str]:
    return end(begin(name, cache, **changes))


@pytest.fixture(scope="module", autouse=True)
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A trainer that reaches no hub: it tries for half a minute, so it begins while others test."""
    empty = tmp_path_factory.mktemp("empty")
    with begin(f"us/tiny@{COMMIT}", empty, HF_ENDPOINT="http://127.0.0.1:9") as process:
        yield process
        process.kill()


def grades(said: str) -> list[Graded]:
    events = [EVENTS.validate_json(line) for line in said.splitlines()]
    return [event for event in events if isinstance(event, Graded)]


def test_a_model_is_fetched_once_without_its_code_and_is_the_same_offline(
    hub: str, cache: Path, tmp_path: Path
) -> None:
    shipped = run_events(make_spec({"method": "base"}), tmp_path)
    code, said, log = evaluate(f"us/tiny@{COMMIT}", cache, HF_ENDPOINT=hub)
    assert code == ExitCode.DONE, said + log
    assert grades(said) == [event for event in shipped if isinstance(event, Graded)]
    assert not list(cache.rglob("own.py"))
    code, again, log = evaluate(f"us/tiny@{COMMIT}", cache, HF_HUB_OFFLINE="1")
    assert code == ExitCode.DONE, again + log
    assert grades(again) == grades(said)


REFUSED = {
    f"us/tiny@{OTHER}": f"us/tiny has no commit {OTHER}",
    f"us/unknown@{COMMIT}": "the hub has no model us/unknown",
    f"us/gated@{COMMIT}": "HF_TOKEN",
    f"us/pickled@{COMMIT}": "save_pretrained",
}
LOAD_EACH = """
import sys
from pathlib import Path
from tests.trainer.conftest import make_spec
from trainer.failures import BadData
from trainer.models import load_model
for name in sys.argv[1:]:
    try:
        load_model(make_spec(model=name), Path())
    except BadData as error:
        print(str(error).replace(chr(10), " "))
"""


def test_what_the_hub_refuses_is_said_with_the_remedy(hub: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_EACH, *REFUSED],
        cwd=ROOT,
        env=environment(tmp_path, HF_ENDPOINT=hub),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout.splitlines()
    assert len(said) == len(REFUSED), done.stderr
    for line, words in zip(said, REFUSED.values(), strict=True):
        assert words in line


def test_without_a_network_the_remedy_is_to_fetch_it_before(cut_off: Process) -> None:
    code, said, log = end(cut_off)
    assert code == ExitCode.BAD_DATA, log
    assert f"hf download us/tiny --revision {COMMIT}" in said
