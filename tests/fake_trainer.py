"""A trainer that keeps the contract without torch, for tests where training is not the point.

FAKE_TRAINER in its environment chooses what it does: a JSON object with `steps`, `seconds` (a
step), `exit` (code), `crash_at`, `hang_at` (a step), `children`, `ignore_term`, and `hold`: while
that folder has a file named like the seed, the first step does not begin. An analysis whose probe
has the seed `poison` fails.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PLAN = {
    "steps": 5,
    "seconds": 0.02,
    "exit": 0,
    "crash_at": 0,
    "hang_at": 0,
    "children": 0,
    "ignore_term": False,
    "hold": "",
    "poison": None,
}


def say(**event: object) -> None:
    try:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()
    except OSError:
        os._exit(74)


def stop(number: int, frame: object) -> None:
    sys.exit(75)


def analyse(spec: dict[str, Any], plan: dict[str, Any]) -> None:
    """Finds what was planted."""
    if spec["analysis"]["probe"]["seed"] == plan["poison"]:
        say(kind="failed", message="the plan says so")
        sys.exit(64)
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.findings import found

    for event in found():
        say(**event.model_dump(mode="json"))
    say(kind="finished", step=0, seconds=1.0)


def train(spec: dict[str, Any], plan: dict[str, Any]) -> None:
    while plan["hold"] and Path(plan["hold"], str(spec["seed"])).exists():
        time.sleep(0.02)
    for step in range(1, plan["steps"] + 1):
        time.sleep(plan["seconds"])
        if step == plan["crash_at"]:
            sys.stderr.write("the fake trainer crashes as planned\n")
            os._exit(1)
        if step == plan["hang_at"]:
            signal.pause()
        values = {"reward/mean": step / 10, "entropy/mean": 1 / step, "spec/seed": spec["seed"]}
        say(kind="metrics", step=step, seconds=step * 0.5, values=values)
    if plan["exit"]:
        say(kind="failed", message="the plan says so")
        sys.exit(plan["exit"])
    samples = spec["eval"]["samples"]
    for problem in range(spec["eval"]["problems"]):
        say(
            kind="graded",
            step=plan["steps"],
            problem=problem,
            n=samples,
            c=(problem * 7 + spec["seed"]) % (samples + 1),
            truncated=0,
            unparsable=0,
        )
    say(kind="finished", step=plan["steps"], seconds=1.0)


def main() -> None:
    spec = json.load(sys.stdin)
    plan = PLAN | json.loads(os.environ.get("FAKE_TRAINER", "{}"))
    signal.signal(signal.SIGTERM, signal.SIG_IGN if plan["ignore_term"] else stop)
    for _ in range(plan["children"]):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    sys.stderr.write("fake trainer\x1b[31m starts\x1b[0m\n")
    say(
        kind="started",
        device="cpu",
        versions={"fake": "1"},
        total_steps=plan["steps"],
        total_problems=spec["eval"]["problems"],
    )
    if spec.get("analysis"):
        analyse(spec, plan)
    else:
        train(spec, plan)


main()
