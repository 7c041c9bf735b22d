"""A data set is fetched once, over HTTP, from a server that speaks the hub's protocol."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pyarrow
import pyarrow.parquet
import pytest

from assets.fetch import CannotFetch, Order, choose, fetch, move_all
from assets.folders import read_folder
from assets.rows import BrokenFile

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "openai/gsm8k"


def parquet(rows: list[dict[str, object]], path: Path) -> bytes:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path.read_bytes()


def gsm8k(start: int, count: int) -> list[dict[str, object]]:
    return [
        {"question": f"What is {n} + 1?", "answer": f"<<{n}+1={n + 1}>>\n#### {n + 1}"}
        for n in range(start, start + count)
    ]


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[str]:
    """The two addresses of the hub that a download needs."""

    class Hub(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.reply()

        def do_GET(self) -> None:
            self.wfile.write(self.reply())

        def reply(self) -> bytes:
            where = f"/datasets/{REPOSITORY}/resolve/{COMMIT}/"
            if self.path == f"/api/datasets/{REPOSITORY}/revision/{COMMIT}":
                listed = [{"rfilename": name} for name in files]
                body = json.dumps({"id": REPOSITORY, "sha": COMMIT, "siblings": listed}).encode()
            elif self.path.startswith(where) and self.path.removeprefix(where) in files:
                body = files[self.path.removeprefix(where)]
            else:
                self.send_response(404)
                self.send_header("X-Error-Code", "RepoNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return b""
            self.send_response(200)
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{sha256(body).hexdigest()}"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return body

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def order(endpoint: str, /, **changes: object) -> Order:
    usual = Order(
        f"{REPOSITORY}@{COMMIT}", {"train": "train", "eval": "test"}, "gsm8k", "main", endpoint
    )
    return usual._replace(**changes)  # type: ignore[arg-type]  # each test knows its field


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    files = {
        "README.md": b"# GSM8K",
        "main/train-00000-of-00002.parquet": parquet(gsm8k(0, 20), tmp_path / "a"),
        "main/train-00001-of-00002.parquet": parquet(gsm8k(20, 20), tmp_path / "b"),
        "main/test-00000-of-00001.parquet": parquet(gsm8k(100, 10), tmp_path / "c"),
        "socratic/train-00000-of-00001.parquet": parquet(gsm8k(0, 5), tmp_path / "d"),
        "main/twice-00000-of-00001.parquet": parquet(gsm8k(0, 20) + gsm8k(10, 20), tmp_path / "e"),
        "main/broken-00000-of-00001.parquet": b"PAR1 of nothing",
    }
    with serving(files) as endpoint:
        yield endpoint


def test_what_was_fetched_is_a_task(hub: str, tmp_path: Path) -> None:
    fetch(order(hub), tmp_path)
    splits = read_folder("./gsm8k", tmp_path).splits
    assert (len(splits.train), len(splits.eval), len(splits.held_out)) == (30, 10, 10)


def test_where_it_came_from_is_kept_beside_it(hub: str, tmp_path: Path) -> None:
    fetched = fetch(order(hub), tmp_path)
    source = json.loads((tmp_path / "gsm8k" / "source.json").read_text())
    assert (source["train"]["revision"], source["train"]["rows"]) == (COMMIT, 40)
    assert list(source["train"]["files"]) == [
        "main/train-00000-of-00002.parquet",
        "main/train-00001-of-00002.parquet",
    ]
    assert source["train"]["sha256"] == sha256(fetched[0].path.read_bytes()).hexdigest()


def test_another_data_set_may_add_a_split_to_the_folder(hub: str, tmp_path: Path) -> None:
    fetch(order(hub, splits={"train": "train"}), tmp_path)
    fetch(order(hub, splits={"eval": "main/test-*.parquet"}), tmp_path)
    assert set(json.loads((tmp_path / "gsm8k" / "source.json").read_text())) == {"train", "eval"}


def test_a_broken_file_leaves_the_folder_as_it_was(hub: str, tmp_path: Path) -> None:
    fetch(order(hub), tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "gsm8k").iterdir()}
    with pytest.raises(BrokenFile, match="is not a readable Parquet"):
        fetch(order(hub, splits={"train": "test", "eval": "broken"}), tmp_path)
    assert {path: path.read_bytes() for path in (tmp_path / "gsm8k").iterdir()} == before


def test_a_repeated_question_is_kept_once(hub: str, tmp_path: Path) -> None:
    (fetched,) = fetch(order(hub, splits={"train": "twice"}), tmp_path)
    assert (fetched.rows, fetched.repeated) == (30, 10)
    assert len(fetched.path.read_text().splitlines()) == 30
    source = json.loads((tmp_path / "gsm8k" / "source.json").read_text())["train"]
    assert (source["rows"], source["repeated"]) == (30, 10)


def test_a_split_that_cannot_be_written_leaves_the_folder_as_it_was(
    hub: str, tmp_path: Path
) -> None:
    fetch(order(hub, splits={"train": "train"}), tmp_path)
    (tmp_path / "gsm8k" / "eval.jsonl").mkdir()
    before = kept(tmp_path / "gsm8k")
    with pytest.raises(CannotFetch, match="cannot write to"):
        fetch(order(hub, splits={"train": "twice", "eval": "test"}), tmp_path)
    assert kept(tmp_path / "gsm8k") == before


def test_files_that_were_moved_go_back_when_the_next_cannot_be(tmp_path: Path) -> None:
    folder, spare = tmp_path / "folder", tmp_path / "spare"
    for path, text in ((folder / "train", "old"), (spare / "train", "new"), (spare / "eval", "")):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    with pytest.raises(FileNotFoundError):
        move_all(["train", "eval", "absent"], spare, folder)
    assert kept(folder) == {"train": b"old"}


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("content", ["{", "[]", '{"train": '])
def test_a_damaged_source_json_is_refused_and_left(hub: str, tmp_path: Path, content: str) -> None:
    path = tmp_path / "gsm8k" / "source.json"
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(CannotFetch, match=r"source\.json cannot be read; mend it, or remove it"):
        fetch(order(hub), tmp_path)
    assert path.read_text() == content


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": REPOSITORY}, "is not owner/name@commit"),
        ({"source": f"{REPOSITORY}@main"}, "is not owner/name@commit"),
        ({"source": f"openai/other@{COMMIT}"}, "refuses openai/other"),
        ({"splits": {"train": "validation"}}, "no file of 'validation'; the data set has main/"),
        ({"splits": {}}, "say which split"),
        ({"into": "../elsewhere"}, "is no folder's name"),
        ({"endpoint": "http://127.0.0.1:9"}, "cannot be reached .* where there is a network"),
    ],
)
def test_what_cannot_be_fetched_is_refused_in_words(
    hub: str, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(CannotFetch, match=words):
        fetch(order(hub, **changes), tmp_path)


@pytest.mark.parametrize(
    ("listed", "config", "split", "chosen"),
    [
        (["test.jsonl", "README.md"], "", "test", ["test.jsonl"]),
        (["data/train-00000-of-00001.parquet"], "", "train", ["data/train-00000-of-00001.parquet"]),
        (["data/dapo-math-17k.parquet"], "", "data/dapo*", ["data/dapo-math-17k.parquet"]),
        (["a/train.jsonl", "b/train.jsonl"], "b", "train", ["b/train.jsonl"]),
    ],
)
def test_a_split_is_found_as_data_sets_are_laid_out(
    listed: list[str], config: str, split: str, chosen: list[str]
) -> None:
    assert choose(listed, config, split) == chosen
