"""The sweep that the browser's tests look at, and waiting for what is trained."""

import time
from collections.abc import Callable
from typing import Any

import httpx

SWEEP = """\
name: seen in a browser
model: countdown-tiny
task: countdown
train: {steps: 3, learning_rate: 3e-4, prompts_per_step: 8, completions_per_prompt: 4}
eval: {problems: 24, samples: 16}
seeds: [0, 1]
baseline: entropy-bonus
arms:
  - {name: base, method: base}
  - {name: grpo, method: grpo}
  - {name: entropy-bonus, method: entropy_bonus, beta: 0.001}
  - {name: shaped, method: entropy_shaped, alpha: [0.4, 4], kappa: [1.5, 2]}
"""
RUNS = 13
TRAINING_SECONDS = 300.0


def train(http: httpx.Client, sweep: str = SWEEP, runs: int = RUNS) -> int:
    """Submits a sweep and waits until its runs have succeeded; answers its id."""
    headers = {"Content-Type": "application/yaml"}
    sweep_id = int(http.post("/api/sweeps", content=sweep, headers=headers).json()["id"])
    wait_for(lambda: progress(http, sweep_id)["succeeded"] == runs)
    return sweep_id


def progress(http: httpx.Client, sweep_id: int) -> dict[str, Any]:
    found: dict[str, Any] = http.get(f"/api/sweeps/{sweep_id}").json()["progress"]
    return found


def wait_for(condition: Callable[[], bool], seconds: float = TRAINING_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.3)
