"""Fewer weights or fewer bits: adapters, bfloat16 and checkpointed activations really train."""

from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from domain.errors import Invalid
from domain.events import Graded, Metrics, Started
from domain.runs import RunSpec
from tests.trainer.attempts import ordered, pieced
from tests.trainer.attempts import train as attempt
from tests.trainer.conftest import Train, make_spec, run_events
from trainer import runs, subjects
from trainer.checkpoints import CheckpointStore
from trainer.equipment import check_equipment
from trainer.evaluate import evaluate
from trainer.precision import compute_dtype, weights_dtype
from trainer.train import build_trainer

LORA = {"lora_rank": 4, "learning_rate": 0.05}
BFLOAT16 = {"dtype": "bfloat16"}
CPU = torch.device("cpu")


def test_adapters_alone_train_and_are_what_is_evaluated(tmp_path: Path) -> None:
    subject = subjects.load(make_spec(train={**LORA, "steps": 4}))
    before = {name: weight.clone() for name, weight in subject.model.named_parameters()}
    grades = list(evaluate(subject, 0, lambda: None))
    trainer = build_trainer(subject, tmp_path, lambda _: None, [])
    trainer.train()
    moved, kept = set[str](), set[str]()
    for name, weight in subject.model.named_parameters():
        old = before.get(name.replace(".base_layer", ""))
        (moved if old is None or not torch.equal(old, weight) else kept).add(name)
    assert moved
    assert all(".lora_" in name for name in moved)
    assert {name.replace(".base_layer", "") for name in kept} == set(before)
    assert list(evaluate(subject, 4, lambda: None)) != grades
    assert isinstance(trainer.model, PeftModel)
    assert trainer.model.get_base_model() is subject.model, "what was trained is evaluated"


def test_a_run_with_adapters_goes_on_to_the_same_bit_and_saves_only_them(tmp_path: Path) -> None:
    spec = make_spec(train={**LORA, "steps": 4}, evaluation={"every": 2})

    def place(name: str, checkpoints: str) -> runs.Place:
        return runs.Place(tmp_path / name, tmp_path / checkpoints, checkpoint_seconds=0.0)

    whole = attempt(spec, place("a", "whole"))
    first = attempt(spec, place("b", "parts"), 2)
    second = attempt(spec, place("c", "parts"))
    assert ordered(pieced(first, second)) == ordered(whole)
    last = [tmp_path / name / "step-4" / "adapter_model.safetensors" for name in ("whole", "parts")]
    one, other = (load_file(path) for path in last)
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not list(tmp_path.rglob("model.safetensors"))
    third = attempt(spec, place("d", "parts"))
    graded = [event for event in second if isinstance(event, Graded) and event.step == 4]
    assert [event for event in third if isinstance(event, Graded)] == graded


def test_checkpointed_activations_change_nothing(train: Train) -> None:
    plain, _ = train(make_spec())
    saving, _ = train(make_spec(train={"gradient_checkpointing": True}))
    assert all(torch.allclose(plain[name], saving[name], atol=1e-6) for name in plain)


def test_attention_written_out_is_the_same_but_for_rounding(tmp_path: Path) -> None:
    eager = make_spec({"method": "base"}, model_settings={"attention": "eager"})
    said = [e for e in run_events(eager, tmp_path) if isinstance(e, Graded)]
    assert subjects.load(eager).model.config._attn_implementation == "eager"
    assert sum(e.n for e in said) == 12


@pytest.mark.parametrize(
    ("train", "kept"), [({}, torch.float32), (LORA, torch.bfloat16), (None, torch.bfloat16)]
)
def test_weights_that_train_stay_in_float32(
    train: dict[str, object] | None, kept: torch.dtype
) -> None:
    method = {"method": "grpo" if train is not None else "base"}
    spec = make_spec(method, train, model_settings=BFLOAT16)
    assert compute_dtype(spec, CPU) == torch.bfloat16
    assert weights_dtype(spec, CPU) == kept


def test_a_cpu_computes_in_float32_unasked() -> None:
    assert compute_dtype(make_spec(), CPU) == torch.float32


@pytest.mark.parametrize("settings", [{}, LORA])
def test_bfloat16_trains_and_is_evaluated_as_it_trained(
    tmp_path: Path, settings: dict[str, object]
) -> None:
    said = run_events(make_spec(train=settings, model_settings=BFLOAT16), tmp_path)
    started = said[0]
    assert isinstance(started, Started)
    assert started.dtype == "bfloat16"
    assert max(event.values["grad_norm"] for event in said if isinstance(event, Metrics)) > 0
    full = run_events(make_spec(train=settings), tmp_path / "full")
    counts = [[e.c for e in events if isinstance(e, Graded)] for events in (said, full)]
    assert sum(abs(a - b) for a, b in zip(*counts, strict=True)) <= 4


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine may have what is asked for")
@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (make_spec(train={"generation": "vllm"}), "train.generation"),
        (
            make_spec(model_settings={"attention": "flash_attention_2"}),
            "model_settings.attention",
        ),
    ],
)
def test_what_this_machine_lacks_is_refused_before_training(spec: RunSpec, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_equipment(spec)
    assert [error.field for error in refused.value.errors] == [field]
    assert "FORKPOINT_DEVICE" in refused.value.message


def test_a_run_goes_on_in_no_other_dtype(tmp_path: Path) -> None:
    spec = make_spec(train={"steps": 3})
    here = runs.Place(tmp_path / "attempt", tmp_path / "checkpoints", checkpoint_seconds=0.0)
    attempt(spec, here)
    assert CheckpointStore(tmp_path / "checkpoints", spec, "float32").newest()
    assert CheckpointStore(tmp_path / "checkpoints", spec, "bfloat16").newest() is None


def test_a_critic_with_adapters_is_saved_and_goes_on_without_the_weights_below_them(
    tmp_path: Path,
) -> None:
    settings = {"estimator": "gae", "critic": "model", "critic_warmup_steps": 0, **LORA, "steps": 4}
    spec = make_spec({"method": "ppo"}, settings)
    whole = attempt(spec, runs.Place(tmp_path / "a", tmp_path / "whole", checkpoint_seconds=0.0))
    here = runs.Place(tmp_path / "b", tmp_path / "parts", checkpoint_seconds=0.0)
    first = attempt(spec, here, 2)
    saved = torch.load(tmp_path / "parts" / "step-2" / "critic.pt", weights_only=True)["critic"]
    assert {"weight", "bias"} < set(saved)
    assert all(".lora_" in name for name in saved if name not in ("weight", "bias"))
    assert ordered(pieced(first, attempt(spec, here))) == ordered(whole)
