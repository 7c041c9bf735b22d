"""In which dtype a run computes, and in which its weights are kept."""

import torch

from domain.runs import RunSpec

FAST = (8, 0)
"""The compute capability of the first GPUs that multiply bfloat16 faster than float32: Ampere."""


def compute_dtype(spec: RunSpec, device: torch.device) -> torch.dtype:
    """On a CPU float32 unless asked otherwise, so that every CPU draws the same samples."""
    wanted = spec.model_settings.dtype
    if wanted != "auto":
        return torch.bfloat16 if wanted == "bfloat16" else torch.float32
    fast = device.type == "cuda" and torch.cuda.get_device_capability(device) >= FAST
    return torch.bfloat16 if fast else torch.float32


def weights_dtype(spec: RunSpec, device: torch.device) -> torch.dtype:
    """Of the weights as they are loaded. Those that train stay in float32: next to a weight of
    bfloat16, with its 8 bits, an update at a learning rate of 1e-6 rounds to nothing. Frozen ones,
    of a base model or below adapters, take half the memory. So do those that are analysed, and the
    same weights draw the same traces, whether training has come to nothing or never began."""
    if spec.train is not None and spec.train.lora_rank == 0 and spec.analysis is None:
        return torch.float32
    return compute_dtype(spec, device)


def autocast(dtype: torch.dtype, device: torch.device) -> torch.autocast:
    """For one batch: within it, each weight is converted once."""
    return torch.autocast(device.type, torch.bfloat16, enabled=dtype == torch.bfloat16)
