"""Folders of embedders below the models root: pinned by what is in them, as hub ids by a commit."""

from pathlib import Path

from assets import models
from assets.models import BrokenModel
from domain.catalogue import FOLDER, PINNED_FOLDER
from domain.errors import invalid

MODULES = "modules.json"


def pin(name: str, root: Path, field: str) -> str:
    """`./folder` with its version, as in `./folder@` and 40 hex digits; any other name as it is.

    Raises Invalid naming the `field`.
    """
    if not FOLDER.fullmatch(name):
        return name
    try:
        return f"{name}@{find_version(name, root)}"
    except (BrokenModel, OSError) as error:
        raise invalid(field, f"{name}: {error}") from None


def check_pinned(name: str, root: Path, field: str) -> None:
    """Raises Invalid where a folder is no longer what its name says."""
    if found := PINNED_FOLDER.fullmatch(name):
        here = pin(found["folder"], root, field)
        if here != name:
            mend = "if its files have changed, put them back or ask again"
            raise invalid(field, f"{name} is asked for, but here is {here}; {mend}")


def find_version(name: str, root: Path) -> str:
    """Of the names and contents of all its files. Raises BrokenModel and OSError."""
    folder = models.locate(name, root)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in found]
    if MODULES not in names:
        raise BrokenModel(f"has no {MODULES}; save it with sentence-transformers' save_pretrained")
    if away := [path for path in found if not path.resolve().is_relative_to(root.resolve())]:
        raise BrokenModel(f"{away[0].name} leads out of the models root; copy the file itself")
    return models.version_of(folder, [name for name in names if name != models.REMEMBERED])
