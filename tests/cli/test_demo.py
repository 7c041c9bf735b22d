"""`forkpoint demo --exit`, whole, with a stand-in for the training alone."""

import json

import psutil

from tests.cli.conftest import FAKE
from tests.stacks import clean_environment, data_folder, run_forkpoint


def environment(**plan: object) -> dict[str, str]:
    return clean_environment() | {
        "FORKPOINT_TRAINER": json.dumps(FAKE),
        "FORKPOINT_SHIP_SECONDS": "0.1",
        "FAKE_TRAINER": json.dumps({"steps": 3, "seconds": 0.01} | plan),
    }


def test_the_demo_trains_once_compares_the_arms_and_leaves_nothing() -> None:
    with data_folder() as folder:
        demo = ["demo", "--exit", "--data", str(folder), "--workers", "1"]
        first = run_forkpoint(*demo, environment=environment())
        assert first.returncode == 0, first.stdout + first.stderr
        assert "5 arms, 13 runs" in first.stdout
        assert "13/13 succeeded" in first.stdout
        assert "delta pass@64" in first.stdout
        assert "/sweeps/1" in first.stdout
        again = run_forkpoint(*demo, environment=environment())
        assert again.returncode == 0, again.stdout + again.stderr
        assert "All of them were trained before; none is repeated." in again.stdout
        assert " running" not in again.stdout
        assert not [
            process
            for process in psutil.process_iter(["cmdline"])
            if str(folder) in " ".join(process.info["cmdline"] or [])
        ]


def test_a_demo_whose_runs_fail_says_so_by_its_exit_code() -> None:
    with data_folder() as folder:
        demo = ["demo", "--exit", "--data", str(folder), "--workers", "1"]
        done = run_forkpoint(*demo, environment=environment(exit=64))
        assert done.returncode == 1
        assert "13 failed" in done.stdout
        assert "the plan says so" in done.stdout
