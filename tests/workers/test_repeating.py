"""A real run, done again by the command that its record names: the same grades."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
from sqlalchemy import select

from api.settings import Settings
from db import submissions
from db.models import Grade
from db.sessions import transaction
from domain.sweeps import parse_sweep
from tests.api.conftest import local_key, serving
from tests.factories import sweep_body
from tests.workers.conftest import Service

TRAIN = {
    "steps": 2,
    "learning_rate": 3e-4,
    "prompts_per_step": 4,
    "completions_per_prompt": 4,
    "max_completion_tokens": 12,
}


def test_the_command_of_a_record_repeats_the_run_to_the_same_grades(
    service: Service, database_url: str, tmp_path: Path
) -> None:
    del service.environment["FORKPOINT_TRAINER"]
    service.environment["FORKPOINT_FORK_TRAINERS"] = "false"
    body = sweep_body(train=TRAIN, seeds=[3], arms=[{"name": "grpo", "method": "grpo"}])
    with transaction(service.engine) as db:
        submissions.submit(db, parse_sweep(body), "local", None)
    service.start("dispatcher")
    service.start_worker()
    service.wait_for(lambda: service.run(1).status == "succeeded")
    with serving(Settings(database_url=database_url)) as address:
        key = local_key(database_url)
        reply = httpx.get(f"{address}/api/runs/1/attempts/1/record", headers=key).json()
        events = repeat(reply["command"], tmp_path, address, key["Authorization"].split()[1])
    graded = [event for event in events if event["kind"] == "graded"]
    with transaction(service.engine) as db:
        stored = db.execute(select(Grade.step, Grade.problem, Grade.n, Grade.c)).all()
    assert sorted((e["step"], e["problem"], e["n"], e["c"]) for e in graded) == sorted(stored)
    record = reply["record"]
    assert record["surroundings"]["threads"] == 1
    assert record["packages"]["torch"]
    assert (record["device"], record["dtype"], record["training_seed"]) == ("cpu", "float32", 3)


def repeat(command: str, folder: Path, address: str, key: str) -> list[dict[str, object]]:
    """What the command does in a shell whose folder has an installation, as the project's has."""
    (folder / ".venv").symlink_to(sys.prefix)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    own = {"FORKPOINT_URL": address, "FORKPOINT_API_KEY": key, "PATH": path}
    kept = {name: text for name, text in os.environ.items() if name != "OMP_NUM_THREADS"}
    shell = ["/bin/bash", "-ec", command]
    subprocess.run(shell, cwd=folder, env=kept | own, check=True, timeout=120)
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
