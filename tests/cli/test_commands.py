"""The commands, run as a shell runs them, against a real server with one worker."""

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Run
from tests.stacks import Stack, clean_environment, forkpoint, run_forkpoint, wait_until

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


def sweep(name: str, seeds: list[int], **changes: Any) -> str:
    """A sweep whose cells nobody else asks for, as long as its seeds are its own."""
    spec = {
        "name": name,
        "model": "countdown-tiny",
        "task": "countdown",
        "train": {"steps": 3, "prompts_per_step": 2, "completions_per_prompt": 2},
        "eval": {"problems": 16, "samples": 8},
        "seeds": seeds,
        "baseline": "bonus",
        "arms": [
            {"name": "bonus", "method": "entropy_bonus", "beta": 0.001},
            {"name": "shaped", "method": "entropy_shaped", "alpha": [0.4, 0.8]},
        ],
    }
    return yaml.safe_dump(spec | changes)


def test_watching_a_sweep_on_a_pipe_prints_one_line_for_each_change(run: Run) -> None:
    done = run("sweep", "create", "-f", "-", "--watch", text=sweep("watched", [10]))
    assert done.returncode == 0, done.stderr
    assert "3 runs" in done.stdout
    assert "bonus/beta=0.001 seed 10 running" in done.stdout
    assert "shaped/alpha=0.8 seed 10 succeeded" in done.stdout
    assert done.stdout.rstrip().endswith("3/3 succeeded")
    assert "\x1b" not in done.stdout


def test_a_finished_sweep_is_not_run_again_and_says_so(run: Run) -> None:
    text = sweep("twice", [20])
    assert run("sweep", "create", "-f", "-", "--watch", text=text).returncode == 0
    preview = run("sweep", "create", "-f", "-", "--dry-run", text=text)
    assert "3 of the runs exist already and are not run again" in preview.stdout
    assert "0 runs to train, 0 of them new" in preview.stdout


def test_a_dry_run_queues_nothing(run: Run) -> None:
    done = run("sweep", "create", "-f", "-", "--dry-run", text=sweep("only asked", [30]))
    assert done.returncode == 0
    assert "bonus/beta=0.001  1 run  (baseline)" in done.stdout
    assert "3 runs to train, 3 of them new" in done.stdout
    assert "only asked" not in run("sweep", "list").stdout


def test_json_is_the_servers_answer_and_nothing_else(run: Run) -> None:
    created = json.loads(
        run("sweep", "create", "-f", "-", "--json", text=sweep("json", [40])).stdout
    )
    number = str(created["id"])
    shown = json.loads(run("sweep", "watch", number, "--json").stdout)
    assert shown["progress"]["succeeded"] == 3
    first = str(shown["runs"][0]["id"])
    for arguments in (
        ["sweep", "list"],
        ["sweep", "table", number],
        ["run", "list", "--sweep", number, "--status", "succeeded"],
        ["run", "show", first],
        ["run", "logs", first],
        ["worker", "list"],
    ):
        done = run(*arguments, "--json")
        assert done.returncode == 0, (arguments, done.stderr)
        json.loads(done.stdout)


def test_the_table_compares_every_arm_with_the_baseline(run: Run) -> None:
    created = run("sweep", "create", "-f", "-", "--watch", text=sweep("table", [50, 51]))
    number = created.stdout.split()[1].rstrip(":")
    table = run("sweep", "table", number)
    lines = table.stdout.splitlines()
    assert "delta pass@8" in lines[0]
    assert lines[1].split() == ["arm", "pass@1", "pass@8", "adjusted", "adj.", "seeds"]
    assert lines[2].split()[0] == "bonus/beta=0.001"
    assert "baseline" in lines[2]
    assert lines[3].startswith("shaped/alpha=0.4")
    assert "16 problems, 8 samples each" in table.stdout
    refused = run("sweep", "table", number, "--k", "9")
    assert refused.returncode == 2
    assert "k: pass@9 was not evaluated in this sweep; choose one of 1..8" in refused.stderr
    assert "pass@2 against bonus/beta=0.001" in run("sweep", "table", number, "--k", "2").stdout
    other = run("sweep", "table", number, "--baseline", "shaped/alpha=0.4").stdout
    assert "Against shaped/alpha=0.4; the sweep was submitted with baseline bonus" in other


def test_an_arm_can_be_confirmed_once_its_sweep_is_finished(run: Run) -> None:
    created = run("sweep", "create", "-f", "-", text=sweep("a search", [300]))
    number = created.stdout.split()[1].rstrip(":")
    confirm = ["sweep", "confirm", number, "--arm", "shaped/alpha=0.8"]
    assert f"sweep {number} is not finished" in run(*confirm).stderr
    run("sweep", "watch", number)
    done = run(*confirm, "--seed", "310", "--seed", "311", "--watch")
    assert done.returncode == 0, done.stderr
    assert "4 runs" in done.stdout
    assert "shaped/alpha=0.8 seed 311 succeeded" in done.stdout
    sweep_id = done.stdout.split()[1].rstrip(":")
    shown, of = run("sweep", "show", sweep_id).stdout, f"shaped/alpha=0.8 of sweep {number}"
    assert f"Confirms {of} (a search): new seeds, held-out problems" in shown
    assert f"Sweep {sweep_id} confirms shaped/alpha=0.8: succeeded" in (
        run("sweep", "show", number).stdout
    )


def test_what_cannot_be_confirmed_is_named_by_its_field(run: Run) -> None:
    text = sweep("another search", [320])
    created = run("sweep", "create", "-f", "-", "--watch", text=text)
    number = created.stdout.split()[1].rstrip(":")
    done = run("sweep", "confirm", number, "--arm", "bonus", "--seed", "320", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("arm: 'bonus/beta=0.001' is the baseline")


def test_runs_and_workers_can_be_looked_at(run: Run) -> None:
    run("sweep", "create", "-f", "-", "--watch", text=sweep("looked at", [60]))
    listed = run("run", "list", "--limit", "1")
    assert "of " in listed.stdout.splitlines()[-1]
    number = listed.stdout.splitlines()[1].split()[0]
    shown = run("run", "show", number).stdout
    assert "queued -> running" in shown
    assert "running -> succeeded" in shown
    logs = run("run", "logs", number).stdout
    assert "fake trainer" in logs
    assert "\x1b" not in logs
    assert "idle" in run("worker", "list").stdout


def test_a_sweep_can_be_cancelled_and_retried(run: Run) -> None:
    created = run("sweep", "create", "-f", "-", text=sweep("stopped", list(range(70, 90))))
    number = created.stdout.split()[1].rstrip(":")
    assert "cancelled" in run("sweep", "cancel", number).stdout
    watched = run("sweep", "watch", number)
    assert watched.returncode == 1
    assert "cancelled" in watched.stdout
    again = run("sweep", "retry", number)
    assert again.returncode == 0
    assert "queued" in again.stdout
    run("sweep", "cancel", number)


def test_wrong_fields_are_named_and_the_exit_code_is_two(run: Run) -> None:
    wrong = sweep(
        "wrong", [1], arms=[{"name": "a", "method": "entropy_shaped", "alpha": 1, "kappa": 1}]
    )
    done = run("sweep", "create", "-f", "-", text=wrong)
    assert done.returncode == 2
    assert "arms[0].kappa[0]: kappa must be greater than 1" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sweep", "create", "-f", "no-such-file.yaml"], "no-such-file.yaml cannot be read"),
        (["sweep", "show", "999999"], "999999"),
        (["run", "show", "999999"], "999999"),
        (["sweep", "show", "-1"], ""),
        (["sweep", "list", "--url", "nonsense"], "'nonsense' is not an address"),
    ],
)
def test_what_does_not_exist_exits_with_two(run: Run, arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_that_does_not_answer_says_how_to_start_it() -> None:
    environment = clean_environment() | {"FORKPOINT_URL": "http://127.0.0.1:9"}
    done = run_forkpoint("sweep", "list", environment=environment)
    assert done.returncode == 1
    assert "nothing answers at http://127.0.0.1:9" in done.stderr
    assert "forkpoint up" in done.stderr


def test_json_files_are_taken_as_well_as_yaml(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "sweep.json"
    file.write_text(json.dumps(yaml.safe_load(sweep("from json", [100]))))
    assert run("sweep", "create", "-f", str(file), "--dry-run").returncode == 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_accepted_or_says_which_data_it_needs(run: Run, example: Path) -> None:
    done = run("sweep", "create", "-f", str(example), "--dry-run")
    if yaml.safe_load(example.read_text())["task"].startswith("./"):
        assert done.returncode == 2
        assert "fetch it with `forkpoint data fetch`" in done.stderr
    else:
        assert done.returncode == 0, done.stderr


def test_ctrl_c_leaves_the_sweep_running_and_says_so(stack: Stack, run: Run) -> None:
    created = run("sweep", "create", "-f", "-", text=sweep("left alone", list(range(110, 130))))
    number = created.stdout.split()[1].rstrip(":")
    watching = subprocess.Popen(
        forkpoint("sweep", "watch", number, "--url", stack.url),
        env=clean_environment() | {"FORKPOINT_DATA": str(stack.data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stdout is not None
    watching.stdout.readline()
    watching.send_signal(signal.SIGINT)
    _, said = watching.communicate(timeout=30)
    assert watching.returncode == 130
    assert f"sweep {number} goes on" in said
    progress = json.loads(run("sweep", "show", number, "--json").stdout)["progress"]
    assert progress["cancelled"] == 0
    run("sweep", "cancel", number)


def test_on_a_terminal_the_display_is_redrawn_in_place(stack: Stack, run: Run) -> None:
    created = run("sweep", "create", "-f", "-", text=sweep("on a terminal", [140, 141]))
    number = created.stdout.split()[1].rstrip(":")
    master, terminal = pty.openpty()
    watching = subprocess.Popen(
        forkpoint("sweep", "watch", number, "--url", stack.url),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=clean_environment() | {"TERM": "xterm-256color", "FORKPOINT_DATA": str(stack.data)},
    )
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(master, 65536):
            shown += chunk
    except OSError:  # how a pseudo-terminal says that the other side has closed
        pass
    os.close(master)
    assert watching.wait(timeout=30) == 0
    assert b"on a terminal" in shown
    assert b"6/6 succeeded" in shown
    assert b"\x1b[" in shown


def test_watching_survives_a_restart_of_the_api(stack: Stack, run: Run) -> None:
    created = run(
        "sweep", "create", "-f", "-", text=sweep("through a restart", list(range(150, 153)))
    )
    number = created.stdout.split()[1].rstrip(":")
    watching = subprocess.Popen(
        forkpoint("sweep", "watch", number, "--url", stack.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=clean_environment() | {"FORKPOINT_DATA": str(stack.data)},
    )
    time.sleep(1.0)
    stack.child("-m", "api").kill()
    said, _ = watching.communicate(timeout=120)
    assert watching.returncode == 0, said
    assert "9/9 succeeded" in said
    wait_until(lambda: run("worker", "list").returncode == 0)
