"""Whether an embedder could be had here, answered before a library is loaded."""

from importlib.util import find_spec

from domain.analyses import EMBEDDER
from domain.catalogue import FOLDER, HUB_MODEL
from domain.errors import invalid

FIELD = "analysis.rare.embedder"
REMEDY = "pip install 'forkpoint[behaviour]' where the worker runs, or leave out `rare`"


def check_embedder(name: str) -> None:
    """Raises Invalid for a name that is none, and where a package is missing; loads nothing."""
    if name != EMBEDDER and not HUB_MODEL.fullmatch(name) and not FOLDER.fullmatch(name):
        raise invalid(
            FIELD,
            f"{name!r} names no embedder: write {EMBEDDER}, owner/name@commit of the hub, or "
            "./folder below the models root",
        )
    for module in ("sentence_transformers", "sklearn"):
        if find_spec(module) is None:
            raise invalid(FIELD, f"comparing sentences needs the package {module}: {REMEDY}")
