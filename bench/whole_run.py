"""How much longer a whole run takes under Forkpoint than a bare TRL script, on countdown-tiny.

    python -m bench.whole_run

The run says its events, records rollouts and writes checkpoints as by default, with an evaluation
of one sample that cannot be left out; the script only trains. Whole processes from start to end, in
interleaved pairs, in seconds of processor time so that other programs do not count. Prints JSON.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from domain.catalogue import MODELS, TASKS
from domain.runs import RunSpec

SHAPED = {"method": "entropy_shaped", "alpha": 0.4, "kappa": 2.0}


def make_spec(steps: int) -> RunSpec:
    return RunSpec.model_validate(
        {
            "model": "countdown-tiny",
            "model_version": MODELS["countdown-tiny"].version,
            "task": "countdown",
            "task_version": TASKS["countdown"].version,
            "method": SHAPED,
            "train": {"steps": steps, "learning_rate": 3e-4},
            "eval": {"problems": 1, "samples": 1},
            "seed": 0,
        }
    )


def time_run(steps: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        folders = {"ARTIFACTS": f"{name}/attempt", "CHECKPOINTS": f"{name}/checkpoints"}
        settings = {f"FORKPOINT_{key}": value for key, value in folders.items()}
        given = Path(name) / "spec.json"
        given.write_text(make_spec(steps).model_dump_json())
        return time_process([sys.executable, "-m", "trainer"], given, settings)


def time_script(steps: int) -> float:
    return time_process([sys.executable, "-m", "bench.bare_grpo", str(steps)], Path(os.devnull), {})


def time_process(command: list[str], given: Path, settings: dict[str, str]) -> float:
    """Seconds of processor time, its own and the system's for it. Raises if it fails."""
    environment = {"OMP_NUM_THREADS": "1", **os.environ, **settings}
    before = os.times()
    with given.open("rb") as file:
        subprocess.run(command, stdin=file, env=environment, capture_output=True, check=True)
    after = os.times()
    return (
        after.children_user
        + after.children_system
        - before.children_user
        - (before.children_system)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=60)
    options = parser.parse_args()
    pairs = []
    for pair in range(options.pairs):
        # The order alternates, so that a drifting clock speed favours neither.
        timers = [time_run, time_script] if pair % 2 else [time_script, time_run]
        found = {timer: timer(options.steps) for timer in timers}
        pairs.append((found[time_run], found[time_script]))
    ratios = [run / script for run, script in pairs]
    report = {
        "median_ratio": statistics.median(ratios),
        "ratios": ratios,
        "run_seconds": statistics.median(run for run, _ in pairs),
        "script_seconds": statistics.median(script for _, script in pairs),
        "pairs": options.pairs,
        "steps": options.steps,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
