"""What a worker or dispatcher needs to know, read once from the environment by its entry point."""

import os
import socket
import sys
from importlib.metadata import version
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from assets.cards import Roots
from db.workers import Identity
from domain.environments import PREFIX
from domain.lifecycle import Retries
from domain.logs import LogStyle
from domain.runs import RunSpec, content_hash
from workers.hardware import examine

TRAINER = [sys.executable, "-m", "trainer"]


class Settings(BaseSettings):
    """Every field is read from FORKPOINT_<NAME>; times are in seconds.

    `device` is `cpu:N`, `cuda:N`, or the GPUs of runs on several as `cuda:0,1`: its kind names the
    queue. `trainer` is the program that runs a
    RunSpec given on standard input; without `fork_trainers` each one starts from nothing.
    `checkpoints` are kept in the data folder unless another one is named; workers that share one go
    on with each other's runs, and analyse them. `probes` holds traces of untrained models, which
    analyses compare with. Models and datasets too are in folders of the data folder, or where
    `models` and `datasets` say. What a failed attempt wrote is kept for `keep_failed_days`; one is
    the least, so that no trainer under way may lose its folder. `public_url` is where people reach
    the page, for links.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    database_url: str
    redis_url: str
    data: Path = Path(".data")
    checkpoints: Path | None = None
    probes: Path | None = None
    models: Path | None = None
    datasets: Path | None = None
    checkpoint_seconds: float = Field(default=300.0, ge=0)
    device: str = Field(default="cpu:0", pattern=r"^(cpu:\d+|cuda:\d+(,\d+)*)$")
    worker_name: str = ""
    trainer: list[str] = TRAINER
    fork_trainers: bool = True
    ship_seconds: float = 0.5
    beat_seconds: float = 10.0
    alive_seconds: float = 60.0
    tick_seconds: float = 1.0
    hint_seconds: float = 15.0
    drain_seconds: float = 300.0
    self_fence_seconds: float = 600.0
    stall_seconds: float = Field(default=1800.0, gt=0)
    keep_failed_days: float = Field(default=7.0, ge=1)
    statement_seconds: float = Field(default=30.0, ge=1)
    max_restarts: int = 3
    park_after: int = Field(default=3, ge=1)
    first_wait_seconds: float = 10.0
    broker_timeout_seconds: float = 5.0
    public_url: str = ""
    log: LogStyle = LogStyle.TEXT

    @property
    def device_kind(self) -> str:
        return self.device.partition(":")[0]

    def checkpoints_of(self, spec: RunSpec) -> Path:
        """The folder of one run's checkpoints, the same at every attempt."""
        root = self.checkpoints or self.data / "checkpoints"
        return root.absolute() / content_hash(spec)

    @property
    def traces(self) -> Path:
        return (self.probes or self.data / "probes").absolute()

    @property
    def roots(self) -> Roots:
        found = Roots.of(self.data, self.models, self.datasets)
        return Roots(found.models.absolute(), found.datasets.absolute())

    @property
    def forks(self) -> bool:
        """Whether trainers are forked from one that has loaded everything: ours alone, on Linux."""
        return self.fork_trainers and self.trainer == TRAINER and sys.platform == "linux"

    @property
    def retries(self) -> Retries:
        return Retries(self.max_restarts, self.first_wait_seconds)

    @property
    def name(self) -> str:
        """The worker's, unique in the installation."""
        return self.worker_name or f"{socket.gethostname()}/{self.device}"

    @property
    def identity(self) -> Identity:
        return Identity(
            name=self.name,
            host=socket.gethostname(),
            device=self.device,
            device_kind=self.device_kind,
            pid=os.getpid(),
            **examine(self.device)._asdict(),
            version=version("forkpoint"),
        )
