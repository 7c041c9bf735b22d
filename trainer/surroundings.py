"""What a trainer says of where it runs, so that the run can be repeated there or elsewhere."""

import os
import platform

import torch

from domain.records import VARIABLES, Surroundings


def describe(device: torch.device) -> Surroundings:
    cpu = f"{platform.machine()} with {torch.backends.cpu.get_cpu_capability()}"
    return Surroundings(
        python=platform.python_version(),
        platform=platform.platform(),
        device_name=torch.cuda.get_device_name(device) if device.type == "cuda" else cpu,
        cuda=torch.version.cuda,
        threads=torch.get_num_threads(),
        environment={name: os.environ[name] for name in VARIABLES if name in os.environ},
    )
