"""Fetches a published data set once, at one commit, into a folder below the datasets root.

What is kept is JSONL of the same rows, and in source.json where each file came from. Runs read
these files alone and never the network. HF_ENDPOINT, HF_TOKEN and proxies are honoured.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from assets.formats import recognise
from assets.hashes import digest
from assets.problems import key_of
from assets.rows import KINDS, read_rows
from domain.errors import DomainError

SOURCE = re.compile(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40})", re.ASCII)
FOLDER = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*", re.ASCII)
SOURCES = "source.json"


class CannotFetch(DomainError):
    """In the user's words: what is missing, and what to do about it."""


class Order(NamedTuple):
    """Which of the hub's splits becomes which of ours. A split is a name, a path or a pattern."""

    source: str
    splits: Mapping[str, str]
    into: str
    config: str = ""
    endpoint: str | None = None


class Fetched(NamedTuple):
    """`repeated` rows asked what one before them had asked, and were left out."""

    path: Path
    rows: int
    repeated: int


def fetch(order: Order, root: Path) -> list[Fetched]:
    """Raises CannotFetch; nothing of the folder has changed then. Raises BrokenFile."""
    source = SOURCE.fullmatch(order.source)
    if not source:
        raise CannotFetch(
            f"{order.source!r} is not owner/name@commit; the 40 digits of a commit are at the top "
            "of the data set's page, under Files and versions"
        )
    if not FOLDER.fullmatch(order.into):
        raise CannotFetch(f"{order.into!r} is no folder's name such as gsm8k or maths/gsm8k")
    if not order.splits:
        raise CannotFetch("say which split to fetch, such as train=train")
    folder = root / order.into
    sources = read_sources(folder)
    with tempfile.TemporaryDirectory(prefix="forkpoint-fetch-") as spare:
        drafts = {}
        for ours, theirs in order.splits.items():
            files = download(order, source[1], source[2], theirs, Path(spare))
            drafts[ours] = convert(files, Path(spare) / f"{ours}.jsonl")
            sources[ours] = {
                "repository": source[1],
                "revision": source[2],
                "config": order.config,
                "split": theirs,
                "files": {name: digest(path) for name, path in files.items()},
                "rows": drafts[ours].rows,
                "repeated": drafts[ours].repeated,
                "sha256": digest(drafts[ours].path),
            }
        return publish(list(drafts.values()), sources, folder)


def download(
    order: Order, repository: str, revision: str, split: str, spare: Path
) -> dict[str, Path]:
    """The files of a split by their names in the repository."""
    # Imported here: a second that only fetching is worth.
    from httpx2 import HTTPError
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    hub = HfApi(endpoint=order.endpoint)
    try:
        known = hub.dataset_info(repository, revision=revision)
        listed = [file.rfilename for file in known.siblings or ()]
        return {
            name: Path(
                hub.hf_hub_download(
                    repository, name, repo_type="dataset", revision=revision, cache_dir=spare
                )
            )
            for name in choose(listed, order.config, split)
        }
    except HfHubHTTPError as error:
        raise CannotFetch(f"{hub.endpoint} refuses {repository}: {first_line(error)}") from None
    except (OSError, HTTPError) as error:
        raise CannotFetch(
            f"{hub.endpoint} cannot be reached ({first_line(error)}); fetch where there is a "
            "network and copy the folder, or name a mirror in HF_ENDPOINT"
        ) from None


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def choose(listed: Sequence[str], config: str, split: str) -> list[str]:
    """A split's files: a path, a pattern, or a name as data sets on the hub are laid out."""
    usable = [name for name in listed if name.endswith(KINDS)]
    chosen = [name for name in usable if fnmatchcase(name, split)]
    if not chosen:
        homes = {config, f"data/{config}"} if config else {".", "data"}
        chosen = [
            name
            for name in usable
            if str(PurePosixPath(name).parent) in homes
            and re.fullmatch(rf"{re.escape(split)}(-\d+-of-\d+)?", PurePosixPath(name).stem)
        ]
    if not chosen:
        there = ", ".join(usable[:20]) or "no Parquet and no JSONL file"
        raise CannotFetch(f"no file of {split!r}; the data set has {there}")
    return sorted(chosen)


def convert(files: Mapping[str, Path], target: Path) -> Fetched:
    """One JSONL of all rows, each of which has been read as a problem. Raises BrokenFile.

    Of rows with one question the first is kept: DAPO-Math-17k is published a hundredfold.
    """
    form, count, asked = None, 0, set()
    with target.open("w", encoding="utf-8") as lines:
        for name, path in files.items():
            for place, row in read_rows(path, name):
                form = form or recognise(row, place)
                count += 1
                key = sha256(key_of(form.read(row, place).question).encode()).digest()
                if key not in asked:
                    asked.add(key)
                    lines.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    return Fetched(target, len(asked), count - len(asked))


def publish(
    drafts: Sequence[Fetched], sources: Mapping[str, object], folder: Path
) -> list[Fetched]:
    """Raises CannotFetch, and then the folder is as it was."""
    names = [*(draft.path.name for draft in drafts), SOURCES]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as spare:
            for draft in drafts:
                shutil.copyfile(draft.path, Path(spare) / draft.path.name)
            listing = json.dumps(sources, indent=2, sort_keys=True) + "\n"
            (Path(spare) / SOURCES).write_text(listing, "utf-8")
            move_all(names, Path(spare), folder)
    except OSError as error:
        raise CannotFetch(f"cannot write to {folder}: {error.strerror}") from None
    return [draft._replace(path=folder / draft.path.name) for draft in drafts]


def move_all(names: Sequence[str], spare: Path, folder: Path) -> None:
    """Each in one move, so that a run never reads half a file; what was there goes back if need be.

    Raises OSError.
    """
    for name in names:
        if (folder / name).exists():
            shutil.copy2(folder / name, spare / f"{name}.before")
    moved = []
    try:
        for name in names:
            (spare / name).replace(folder / name)
            moved.append(name)
    except OSError:
        for name in moved:
            if (spare / f"{name}.before").exists():
                (spare / f"{name}.before").replace(folder / name)
            else:
                (folder / name).unlink()
        raise


def read_sources(folder: Path) -> dict[str, object]:
    """What is known of the folder's files. Raises CannotFetch."""
    path = folder / SOURCES
    try:
        found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise CannotFetch(f"{path} cannot be read; mend it, or remove it and fetch all splits anew")
    return found
