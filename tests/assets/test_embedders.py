"""An embedder that is a folder is named with what is in it."""

from pathlib import Path

import pytest

from assets.embedders import check_pinned, pin
from domain.errors import Invalid

FIELD = "rare.embedder"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    pooling = tmp_path / "models" / "minilm" / "1_Pooling"
    pooling.mkdir(parents=True)
    (pooling / "config.json").write_text("{}")
    (pooling.parent / "modules.json").write_text("[]")
    return tmp_path / "models"


def test_a_folder_gets_the_version_of_its_files(root: Path) -> None:
    name = pin("./minilm", root, FIELD)
    assert name.startswith("./minilm@")
    assert pin("./minilm", root, FIELD) == name, "the same files are the same embedder"
    check_pinned(name, root, FIELD)


@pytest.mark.parametrize("changed", ["modules.json", "1_Pooling/config.json", "new.json"])
def test_a_folder_whose_files_have_changed_is_another_embedder(root: Path, changed: str) -> None:
    name = pin("./minilm", root, FIELD)
    (root / "minilm" / changed).write_text('{"changed": 1}')
    assert pin("./minilm", root, FIELD) != name
    with pytest.raises(Invalid, match=r"is asked for, but here is \./minilm@"):
        check_pinned(name, root, FIELD)


@pytest.mark.parametrize("name", ["all-minilm-l6-v2", f"owner/name@{'0' * 40}", "no name"])
def test_other_names_stay_as_they_are(root: Path, name: str) -> None:
    assert pin(name, root, FIELD) == name
    check_pinned(name, root, FIELD)


def test_what_is_no_embedder_is_refused_with_a_remedy(root: Path) -> None:
    (root / "minilm" / "modules.json").unlink()
    with pytest.raises(Invalid, match=r"has no modules\.json; save it with sentence-transformers"):
        pin("./minilm", root, FIELD)
    with pytest.raises(Invalid, match="no such folder below the models root"):
        pin("./other", root, FIELD)


def test_a_file_that_lies_elsewhere_is_refused(root: Path) -> None:
    (root.parent / "secret").write_text("x")
    (root / "minilm" / "1_Pooling" / "link.json").symlink_to(root.parent / "secret")
    with pytest.raises(Invalid, match=r"link\.json leads out of the models root"):
        pin("./minilm", root, FIELD)
