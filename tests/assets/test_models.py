"""Folders of models: what their version depends on, and what is refused with which remedy."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assets import models
from assets.cards import find_model
from assets.models import INDEX, REMEMBERED, SINGLE, TEMPLATES
from domain.errors import Invalid

TINY = Path(__file__).parents[2] / "trainer" / "models" / "countdown_tiny"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "models" / "tiny")
    return tmp_path / "models"


def version(root: Path) -> str:
    return find_model("./tiny", root).version


def refusal(root: Path, name: str = "./tiny") -> str:
    with pytest.raises(Invalid) as refused:
        find_model(name, root)
    assert [error.field for error in refused.value.errors] == ["model"]
    return refused.value.errors[0].message


def test_a_folder_has_a_version_and_counted_parameters(root: Path) -> None:
    card = find_model("./tiny", root)
    assert card.parameters == 360_672
    assert len(card.version) == 40


def test_a_folder_may_lie_deeper(root: Path) -> None:
    shutil.copytree(root / "tiny", root / "mine" / "tiny")
    assert find_model("./mine/tiny", root).version == version(root)


@pytest.mark.parametrize(
    "name", ["config.json", "tokenizer.json", "generation_config.json", SINGLE]
)
def test_another_file_is_another_version(root: Path, name: str) -> None:
    before, raw = version(root), bytearray((root / "tiny" / name).read_bytes())
    raw[-3] ^= 1
    (root / "tiny" / name).write_bytes(raw)
    assert version(root) != before


@pytest.mark.parametrize("name", ["README.md", "training_args.bin", "modeling_own.py"])
def test_a_file_that_no_result_depends_on_is_not_of_the_version(root: Path, name: str) -> None:
    before = version(root)
    (root / "tiny" / name).write_text("text")
    assert version(root) == before


def test_hashes_are_remembered_beside_the_files_and_by_size_and_time(root: Path) -> None:
    before, weights = version(root), root / "tiny" / SINGLE
    kept = json.loads((root / "tiny" / REMEMBERED).read_text())
    assert set(kept) == {path.name for path in TINY.iterdir()}
    found = weights.stat()
    models.hash_file.cache_clear()
    kept[SINGLE] = [kept[SINGLE][0], "0" * 64]
    (root / "tiny" / REMEMBERED).write_text(json.dumps(kept))
    assert version(root) != before, "what is remembered is believed"
    os.utime(weights, ns=(found.st_atime_ns, found.st_mtime_ns + 1))
    assert version(root) == before, "until the file's time is another"


@pytest.mark.parametrize("torn", ["", "[]", '{"config.json": 3}', '{"config.json"'])
def test_remembered_hashes_that_are_torn_are_made_again(root: Path, torn: str) -> None:
    before = version(root)
    (root / "tiny" / REMEMBERED).write_text(torn)
    assert version(root) == before


def cut(folder: Path) -> None:
    (folder / SINGLE).write_bytes((folder / SINGLE).read_bytes()[:-4])


def scramble(folder: Path) -> None:
    (folder / SINGLE).write_bytes(b"\xff" * 64)


def pickle(folder: Path) -> None:
    (folder / SINGLE).rename(folder / "pytorch_model.bin")


def name_missing_shard(folder: Path) -> None:
    (folder / SINGLE).unlink()
    weights = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}
    (folder / INDEX).write_text(json.dumps(weights))
    shutil.copy(TINY / SINGLE, folder / "model-1.safetensors")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "config.json").unlink(), "save_pretrained"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "no tokenizer"),
        (lambda folder: (folder / SINGLE).unlink(), f"has neither {SINGLE}"),
        (lambda folder: (folder / "adapter_config.json").touch(), "merge it first"),
        (lambda folder: (folder / TEMPLATES).mkdir(), "keep one template"),
        (pickle, "save them as safetensors"),
        (cut, "cut short; copy it again"),
        (scramble, "copy it again"),
        (name_missing_shard, "lacks model-2.safetensors"),
        (shutil.rmtree, "no such folder below"),
    ],
)
def test_what_is_no_model_is_refused_with_the_remedy(
    root: Path, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(root / "tiny")
    assert words in refusal(root)


def test_shards_are_counted_and_hashed(root: Path) -> None:
    whole = version(root)
    (root / "tiny" / SINGLE).rename(root / "tiny" / "model-1.safetensors")
    (root / "tiny" / INDEX).write_text(json.dumps({"weight_map": {"a": "model-1.safetensors"}}))
    card = find_model("./tiny", root)
    assert card.parameters == 360_672
    assert card.version != whole


def test_no_link_leads_out_of_the_root(root: Path, tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "elsewhere")
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    assert "leads out of the models root" in refusal(root, "./linked")
    (root / "tiny" / SINGLE).unlink()
    (root / "tiny" / SINGLE).symlink_to(TINY / SINGLE)
    assert f"{SINGLE} leads out" in refusal(root)


@pytest.mark.parametrize(
    "name", ["./../elsewhere", "./a/../b", "/etc", "./", "../tiny", "./.hidden"]
)
def test_a_name_that_is_no_folder_below_the_root_is_no_model(root: Path, name: str) -> None:
    assert "no model named" in refusal(root, name)


@pytest.mark.parametrize(
    "name", ["Qwen/Qwen2.5-0.5B", "Qwen/Qwen2.5-0.5B@main", "Qwen/Qwen2.5-0.5B@060db64"]
)
def test_a_model_of_the_hub_needs_its_commit(root: Path, name: str) -> None:
    assert "needs its commit" in refusal(root, name)


def test_a_commit_is_the_version_of_a_model_of_the_hub(root: Path) -> None:
    assert find_model(f"Qwen/Qwen2.5-0.5B@{'0a' * 20}", root).version == "0a" * 20


def test_folders_that_look_like_models_are_listed(root: Path) -> None:
    shutil.copytree(TINY, root / "mine" / "deeper")
    shutil.copytree(TINY, root / "smollm2-135m-1-b179c9523d0e")
    (root / "empty").mkdir()
    assert models.list_folders(root) == ["./mine/deeper", "./tiny"]
    assert models.list_folders(root / "missing") == []
