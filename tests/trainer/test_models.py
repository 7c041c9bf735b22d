"""What a run can start from: the real pretrained model and how it is unpacked."""

from pathlib import Path

import pytest
import torch

from assets.cards import Roots
from domain.catalogue import MODELS
from domain.events import Finished, Graded, Metrics
from domain.runs import RunSpec
from tests.trainer.conftest import Unpacked, make_spec, run_events
from trainer.failures import BadData
from trainer.models import load_model, smollm2

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


def test_a_root_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadData, match="cannot be unpacked"):
        smollm2.prepare(tmp_path / "file" / "models")
