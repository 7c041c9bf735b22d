"""What a trainer says of where it runs, so that the run can be repeated there or elsewhere."""

import os
import platform

import torch

from domain.records import VARIABLES, Surroundings


def describe(device: torch.device) -> Surroundings:
    on_gpu = device.type == "cuda"
    return Surroundings(
        python=platform.python_version(),
        platform=platform.platform(),
        device_name=torch.cuda.get_device_name(device) if on_gpu else platform.processor() or None,
        cuda=torch.version.cuda,
        threads=torch.get_num_threads(),
        environment={name: os.environ[name] for name in VARIABLES if name in os.environ},
    )
