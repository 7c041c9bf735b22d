"""Folders of models below the models root: which files matter, their version, what is wrong.

The version is a hash of every file that a result could depend on. Hashes are remembered, in memory
and beside the files, for as long as a file keeps its size and time.
"""

import hashlib
import json
import math
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from assets.hashes import digest
from domain.catalogue import FOLDER, MODELS, ModelCard
from domain.errors import invalid

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt")
OTHERS = (
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
    "generation_config.json",
    "merges.txt",
    "special_tokens_map.json",
    "tokenizer_config.json",
)
TEMPLATES = "additional_chat_templates"
"""transformers would read them, also as the default."""
REMEMBERED = ".forkpoint-hashes.json"
DIGITS = 40
MOST_HEADER_BYTES = 100_000_000
DEPTH = 2


class BrokenModel(Exception):
    """A folder that is no model we can load; says why and what can be done."""


def describe(name: str, root: Path) -> ModelCard:
    """The card of `./folder`. Raises Invalid."""
    try:
        folder = locate(name, root)
        names = relevant_files(folder)
        return ModelCard(
            name=name,
            version=version_of(folder, names),
            parameters=sum(count_parameters(folder / name) for name in names if is_weights(name)),
            summary=f"{name} below the models root",
        )
    except (BrokenModel, OSError) as error:
        raise invalid("model", f"{name}: {error}") from None


def list_folders(root: Path) -> list[str]:
    """Names of the folders that look like models, unread; not what was unpacked here."""
    found = []
    for depth in range(1, DEPTH + 1):
        for path in root.glob("/".join(["*"] * depth + ["config.json"])):
            name = f"./{path.parent.relative_to(root).as_posix()}"
            unpacked = any(name == f"./{card.name}-{card.version}" for card in MODELS.values())
            if FOLDER.fullmatch(name) and not unpacked:
                found.append(name)
    return sorted(found)


def locate(name: str, root: Path) -> Path:
    """Raises BrokenModel where there is no such folder below the root, links followed."""
    folder = root / name
    if not folder.resolve().is_relative_to(root.resolve()):
        raise BrokenModel(f"leads out of the models root {root}; copy the folder into it")
    if not folder.is_dir():
        raise BrokenModel(f"no such folder below the models root {root}")
    for path in folder.iterdir():
        if not path.resolve().is_relative_to(root.resolve()):
            raise BrokenModel(f"{path.name} leads out of the models root; copy the file itself")
    return folder


def relevant_files(folder: Path) -> list[str]:
    """Names of the files that a result depends on. Raises BrokenModel."""
    present = {path.name for path in folder.iterdir() if path.is_file()}
    if "adapter_config.json" in present:
        raise BrokenModel("holds a LoRA adapter; merge it first: PEFT's merge_and_unload")
    if "config.json" not in present:
        raise BrokenModel("has no config.json; save the model with save_pretrained")
    if not present.intersection(TOKENIZERS):
        raise BrokenModel("has no tokenizer; save it beside the model with save_pretrained")
    if (folder / TEMPLATES).exists():
        raise BrokenModel(
            f"has a folder {TEMPLATES}; keep one template, in chat_template.jinja, and remove it"
        )
    weights = find_weights(folder, present)
    return sorted({"config.json", *weights, *present.intersection((*TOKENIZERS, *OTHERS))})


def find_weights(folder: Path, present: set[str]) -> list[str]:
    if SINGLE in present:
        return [SINGLE]
    if INDEX in present:
        index = read_json((folder / INDEX).read_bytes(), INDEX)
        shards = sorted({str(name) for name in dict(index.get("weight_map", {})).values()})
        missing = [name for name in shards if name not in present]
        if missing or not shards:
            named = ", ".join(missing) or "any weights"
            raise BrokenModel(f"lacks {named}, which {INDEX} names; copy the folder again")
        return [INDEX, *shards]
    if any(name.endswith((".bin", ".pt", ".pth")) for name in present):
        raise BrokenModel(
            "has weights as pickles, which can run code when they are read; save them as "
            "safetensors: save_pretrained does"
        )
    raise BrokenModel(f"has neither {SINGLE} nor {INDEX}; save the model with save_pretrained")


def is_weights(name: str) -> bool:
    return name.endswith(".safetensors")


def count_parameters(path: Path) -> int:
    """From the header, whose offsets also tell a file that was cut short. Raises BrokenModel."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        if not 0 < size <= MOST_HEADER_BYTES:
            raise BrokenModel(f"{path.name} is no safetensors file; copy it again")
        header = read_json(file.read(size), path.name)
    tensors = [entry for name, entry in header.items() if name != "__metadata__"]
    try:
        end = max((int(entry["data_offsets"][1]) for entry in tensors), default=0)
        count = sum(math.prod(map(int, entry["shape"])) for entry in tensors)
    except (KeyError, IndexError, TypeError, ValueError):
        raise BrokenModel(f"{path.name} is no safetensors file; copy it again") from None
    if path.stat().st_size != 8 + size + end:
        raise BrokenModel(f"{path.name} is cut short; copy it again")
    return count


def read_json(raw: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BrokenModel(f"{name} cannot be read; copy it again")
    return found


def version_of(folder: Path, names: Sequence[str]) -> str:
    """Of names and contents."""
    remembered = recall(folder)
    hashes = {}
    for name in names:
        found = (folder / name).stat()
        state = f"{found.st_size} {found.st_mtime_ns}"
        kept = remembered.get(name)
        known = kept[1] if kept and kept[0] == state else hash_file(folder / name, state)
        hashes[name] = (state, known)
    if hashes != remembered:
        remember(folder, hashes)
    listing = json.dumps([[name, found] for name, (_, found) in hashes.items()])
    return hashlib.sha256(listing.encode()).hexdigest()[:DIGITS]


@lru_cache(maxsize=4096)
def hash_file(path: Path, state: str) -> str:  # noqa: ARG001 - what is known holds for that state
    return digest(path)


def recall(folder: Path) -> dict[str, tuple[str, str]]:
    """By file, its size and time, and its hash; empty where nothing is remembered."""
    try:
        found = json.loads((folder / REMEMBERED).read_bytes())
        return {str(name): (str(state), str(known)) for name, (state, known) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(folder: Path, hashes: dict[str, tuple[str, str]]) -> None:
    """Where the folder can be written to; the API's usually cannot."""
    with suppress(OSError), tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as draft:
        json.dump(hashes, draft)
        draft.close()
        Path(draft.name).chmod(0o644)
        Path(draft.name).replace(folder / REMEMBERED)
