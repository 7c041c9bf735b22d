"""Whether an embedder could be had here, answered before a library is loaded."""

from importlib.util import find_spec
from pathlib import Path

from assets.embedders import check_pinned
from domain.analyses import EMBEDDER
from domain.catalogue import FOLDER, HUB_MODEL, PINNED_FOLDER
from domain.errors import invalid

FIELD = "analysis.rare.embedder"
REMEDY = "pip install 'forkpoint[behaviour]' where the worker runs, or leave out `rare`"


NAMES = (HUB_MODEL, FOLDER, PINNED_FOLDER)


def check_embedder(name: str, root: Path) -> None:
    """Raises Invalid for a name that is none, for a folder that is another one now, and where a
    package is missing; loads nothing."""
    if name != EMBEDDER and not any(kind.fullmatch(name) for kind in NAMES):
        raise invalid(
            FIELD,
            f"{name!r} names no embedder: write {EMBEDDER}, owner/name@commit of the hub, or "
            "./folder below the models root",
        )
    check_pinned(name, root, FIELD)
    for module in ("sentence_transformers", "sklearn"):
        if find_spec(module) is None:
            raise invalid(FIELD, f"comparing sentences needs the package {module}: {REMEDY}")
