"""Checkpoints of one run: published whole or not at all, and trusted only as they were published.

A checkpoint is a folder `step-N` with what transformers and TRL save (weights, optimiser,
scheduler, random states, controllers) and a manifest with the hash of every file. It is written
elsewhere on the same disk, made durable, and renamed into place; one that is torn, changed or of
another run is passed over for the one before it.
"""

import fcntl
import logging
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from assets.hashes import digest
from domain.runs import RunSpec, content_hash

logger = logging.getLogger(__name__)

MANIFEST = "manifest.json"
NAME = re.compile(r"step-\d+")


class Manifest(BaseModel):
    """`files` are the SHA-256 (hex) of each; `tokens` and `seconds` are those of the run so far.

    `lineage` is the same for checkpoints that came of one another: what is recorded of a run goes
    on from those alone, since another machine may have rounded otherwise. `dtype` is what it was
    computed in: a run goes on in no other.
    """

    content_hash: str
    lineage: str
    step: int
    tokens: int
    seconds: float
    files: dict[str, str]
    dtype: str = "float32"


@dataclass(frozen=True)
class Checkpoint:
    folder: Path
    manifest: Manifest


class CheckpointStore:
    """The checkpoints of `spec` under `root`, which belongs to this run alone; see Manifest."""

    def __init__(self, root: Path, spec: RunSpec, dtype: str = "float32") -> None:
        self.root = root
        self.dtype = dtype
        self.content_hash = content_hash(spec)
        self.lineage = secrets.token_hex(8)
        self.draft = root / f"draft-{self.lineage}"
        self.held: int | None = None

    def prepare(self) -> None:
        """A folder for drafts; what a killed trainer left of its own is removed. Raises OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        if self.hold():
            for old in self.root.glob("draft-*"):
                shutil.rmtree(old, ignore_errors=True)
        self.draft.mkdir()

    def hold(self) -> bool:
        """Whether this attempt alone writes here: an earlier one may still run, unknown to all.

        The lock is the kernel's, and ends with the process.
        """
        if self.held is None:
            handle = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
            self.held = handle
        return True

    def release(self) -> None:
        """At the end of an attempt."""
        shutil.rmtree(self.draft, ignore_errors=True)
        if self.held is not None:
            os.close(self.held)
            self.held = None

    def go_on(self, most: int | None, lineage: str | None) -> Checkpoint | None:
        """The checkpoint to go on from, if there is one. Later ones, which nobody recorded, go."""
        found = self.newest(most, lineage)
        for folder in self.folders() if self.hold() else []:
            if found is None or step_of(folder) > found.manifest.step:
                shutil.rmtree(folder, ignore_errors=True)
        if found:
            self.lineage = found.manifest.lineage
        return found

    def publish(
        self, made: Path, step: int, tokens: int, seconds: float, name: str = "step"
    ) -> Path:
        """Takes the folder `made` in as the checkpoint of `step`. Raises OSError.

        Under another name it is none to go on from: see trainer/weights.py.
        """
        if not self.hold():
            raise BlockingIOError("an earlier attempt of this run still saves here")
        files = {path.relative_to(made).as_posix(): seal(path) for path in files_of(made)}
        manifest = Manifest(
            content_hash=self.content_hash,
            lineage=self.lineage,
            step=step,
            tokens=tokens,
            seconds=seconds,
            files=files,
            dtype=self.dtype,
        )
        (made / MANIFEST).write_text(manifest.model_dump_json(indent=1))
        sync(made / MANIFEST)
        sync(made)
        place = self.root / f"{name}-{step}"
        if place.exists():
            shutil.rmtree(place)
        made.rename(place)
        sync(self.root)
        return place

    def newest(self, most: int | None = None, lineage: str | None = None) -> Checkpoint | None:
        """The latest of at most step `most` that is what it was when it was published."""
        for folder in self.folders():
            try:
                manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
                self.verify(folder, manifest, most, lineage)
            except (OSError, ValidationError, ValueError) as error:
                logger.warning("checkpoint %s is passed over: %s", folder.name, error)
                continue
            return Checkpoint(folder, manifest)
        return None

    def verify(
        self, folder: Path, manifest: Manifest, most: int | None, lineage: str | None
    ) -> None:
        """Raises ValueError or OSError."""
        if lineage is not None and manifest.lineage != lineage:
            raise ValueError("what is recorded came of another")
        if most is not None and manifest.step > most:
            raise ValueError(f"what was said up to step {most} alone is recorded")
        if manifest.content_hash != self.content_hash:
            raise ValueError("it is of another run")
        if manifest.dtype != self.dtype:
            raise ValueError(f"it was computed in {manifest.dtype}, this attempt in {self.dtype}")
        found = {path.relative_to(folder).as_posix() for path in files_of(folder)} - {MANIFEST}
        if found != set(manifest.files):
            raise ValueError("its files are not those of its manifest")
        for name, wanted in manifest.files.items():
            if digest(folder / name) != wanted:
                raise ValueError(f"{name} was changed or is torn")

    def folders(self) -> list[Path]:
        """From the latest step to the first."""
        named = [path for path in self.root.glob("step-*") if NAME.fullmatch(path.name)]
        return sorted(named, key=step_of, reverse=True)


def step_of(folder: Path) -> int:
    return int(folder.name.removeprefix("step-"))


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def seal(path: Path) -> str:
    """Makes a file durable; answers its hash."""
    sync(path)
    return digest(path)


def sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
