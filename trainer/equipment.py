"""Whether this machine has what a run asks for, answered before a model is loaded."""

from importlib.util import find_spec

import torch

from domain.errors import invalid
from domain.runs import ModelSettings, RunSpec, TrainSettings


def check_equipment(spec: RunSpec) -> None:
    """Raises Invalid with what can be done about it."""
    check_attention(spec.model_settings)
    if spec.train and not spec.analysis:
        check_generation(spec.train)
        check_devices(spec.train)


def check_attention(settings: ModelSettings) -> None:
    if settings.attention != "flash_attention_2":
        return
    lacking = missing("flash_attn", "flash-attn")
    if lacking:
        raise invalid(
            "model_settings.attention",
            f"flash_attention_2 needs {lacking}; choose sdpa, which is nearly as fast, or auto",
        )


def check_generation(train: TrainSettings) -> None:
    lacking = missing("vllm", "vllm")
    if train.generation == "vllm" and lacking:
        raise invalid(
            "train.generation",
            f"vllm needs {lacking}; or choose transformers, which is always there",
        )


def check_devices(train: TrainSettings) -> None:
    """Without a GPU each process takes a core."""
    seen = torch.cuda.device_count()
    if torch.cuda.is_available() and train.devices > seen:
        raise invalid(
            "train.devices",
            f"{train.devices} GPUs are asked for, and this trainer sees {seen}: start a worker "
            f"with that many, as in FORKPOINT_DEVICE=cuda:0,1, or ask for {seen}",
        )


def missing(module: str, package: str) -> str:
    """What is not there of a GPU and a package, in words; empty where both are."""
    if not torch.cuda.is_available():
        return (
            "an NVIDIA GPU, and this trainer sees none: start a worker with FORKPOINT_DEVICE=cuda:0"
        )
    if find_spec(module) is None:
        return f"the package {package} in the worker's environment: pip install {package}"
    return ""
