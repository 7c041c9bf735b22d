"""What a run can start from: the real pretrained model and how it is unpacked."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from assets.cards import Roots, find_model
from domain.catalogue import MODELS
from domain.errors import Invalid
from domain.events import Finished, Graded, Metrics
from domain.runs import RunSpec
from tests.trainer.conftest import Unpacked, make_spec, run_events
from trainer.failures import BadData
from trainer.models import FOLDERS, load_model, smollm2
from trainer.specs import check

SMOLLM2 = MODELS["smollm2-135m"]


def chat_spec(**changes: object) -> RunSpec:
    train = {"prompts_per_step": 2, "completions_per_prompt": 2, "max_completion_tokens": 6}
    named = {"model": SMOLLM2.name, "model_version": SMOLLM2.version}
    evaluation = {"problems": 2, "samples": 4, "max_completion_tokens": 6}
    return make_spec(**{"train": train, "evaluation": evaluation, **named, **changes})  # type: ignore[arg-type]


def test_trainers_that_start_at_once_unpack_the_model_once(unpacked: Unpacked) -> None:
    folder = unpacked.root / f"{SMOLLM2.name}-{SMOLLM2.version}"
    assert unpacked.folders == [str(folder)] * 2, unpacked.logs
    assert sum("is unpacked to" in log for log in unpacked.logs) == 1
    assert [path for path in unpacked.root.iterdir() if path.is_dir()] == [folder]


@pytest.mark.parametrize(
    ("manifest", "whole"),
    [
        ('{"config.json": 2}', True),
        ('{"config.json": 3}', False),
        ('{"config.json": 2, "model.safetensors": 8}', False),
        ("[1]", False),
        ("{", False),
        (None, False),
    ],
)
def test_an_unpacked_model_is_whole_while_its_files_have_their_sizes(
    tmp_path: Path, manifest: str | None, whole: bool
) -> None:
    (tmp_path / "config.json").write_text("{}")
    if manifest:
        (tmp_path / smollm2.MANIFEST).write_text(manifest)
    assert smollm2.is_whole(tmp_path) == whole


def test_the_chat_model_is_whole(unpacked: Unpacked) -> None:
    model, tokenizer = load_model(chat_spec(), unpacked.root)
    assert model.num_parameters() == SMOLLM2.parameters
    assert tokenizer.eos_token == "<|im_end|>"
    assert tokenizer.padding_side == "left"
    assert "<|im_start|>" in tokenizer.chat_template
    ids = tokenizer("The capital of France is", return_tensors="pt")["input_ids"]
    with torch.no_grad():
        likeliest = model(input_ids=ids).logits[0, -1].argmax()
    assert tokenizer.decode([likeliest]) == " Paris"


def test_the_chat_model_trains_and_is_evaluated(unpacked: Unpacked, tmp_path: Path) -> None:
    said = run_events(chat_spec(), tmp_path, Roots.of(tmp_path, unpacked.root))
    assert isinstance(said[-1], Finished)
    assert len([event for event in said if isinstance(event, Metrics)]) == 2
    assert [event.n for event in said if isinstance(event, Graded)] == [4, 4]


def test_a_folder_trains_and_is_refused_once_it_has_changed(tmp_path: Path) -> None:
    roots = Roots.of(tmp_path)
    folder = roots.models / "mine"
    shutil.copytree(FOLDERS["countdown-tiny"], folder)
    card = find_model("./mine", roots.models)
    spec = make_spec(model=card.name, model_version=card.version)
    check(spec, roots)
    kept = [event for event in run_events(spec, tmp_path / "a", roots) if isinstance(event, Graded)]
    shipped = run_events(make_spec(), tmp_path / "b")
    assert kept == [event for event in shipped if isinstance(event, Graded)]
    (folder / "generation_config.json").write_text("{}")
    with pytest.raises(Invalid, match="put them back or submit the sweep again"):
        check(spec, roots)


def test_a_tokenizer_without_an_end_is_refused(tmp_path: Path) -> None:
    roots = Roots.of(tmp_path)
    folder = roots.models / "mine"
    shutil.copytree(FOLDERS["countdown-tiny"], folder)
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    del settings["eos_token"]
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(BadData, match="no end-of-sequence token"):
        load_model(make_spec(model="./mine"), roots.models)


def test_a_model_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    roots = Roots.of(tmp_path)
    folder = roots.models / "mine"
    shutil.copytree(FOLDERS["countdown-tiny"], folder)
    own = {"model_type": "own", "auto_map": {"AutoModelForCausalLM": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(own))
    (folder / "own.py").write_text("raise SystemExit")
    with pytest.raises(BadData, match="cannot be loaded"):
        load_model(make_spec(model="./mine"), roots.models)


def test_a_model_without_all_its_weights_is_refused(tmp_path: Path) -> None:
    """transformers would draw the rest at random, another model at each load."""
    roots = Roots.of(tmp_path)
    folder = roots.models / "mine"
    shutil.copytree(FOLDERS["countdown-tiny"], folder)
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.mlp.down_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(BadData, match=r"no weights for model\.layers\.1\.mlp\.down_proj\.weight"):
        load_model(make_spec(model="./mine"), roots.models)


def test_a_root_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadData, match="cannot be unpacked"):
        smollm2.prepare(tmp_path / "file" / "models")
