"""The commands, run as a shell runs them, against a real server with one worker."""

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Hold, Run, new_seed, number_of, sweep
from tests.stacks import Stack, clean_environment, forkpoint, run_forkpoint, wait_until

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


@contextmanager
def following(stack: Stack, number: str) -> Iterator["subprocess.Popen[str]"]:
    """`forkpoint sweep watch` as a shell runs it, its output on pipes."""
    with subprocess.Popen(
        forkpoint("sweep", "watch", number, "--url", stack.url),
        env=clean_environment() | {"FORKPOINT_DATA": str(stack.data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    """What it says up to the line with these words, and that line."""
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"no {words!r} in:\n{said}")


def test_watching_a_sweep_on_a_pipe_prints_one_line_for_each_change(
    stack: Stack, run: Run, hold: Hold
) -> None:
    seed = new_seed()
    held = hold(seed)
    created = run("sweep", "create", "-f", "-", text=sweep("watched", [seed]))
    assert "3 runs" in created.stdout
    with following(stack, number_of(created)) as watching:
        said = read_until(watching, f"bonus/beta=0.001 seed {seed} running")
        held.unlink()
        rest, _ = watching.communicate(timeout=120)
    assert watching.returncode == 0
    assert f"shaped/alpha=0.8 seed {seed} succeeded" in rest
    assert rest.rstrip().endswith("3/3 succeeded")
    assert "\x1b" not in said + rest


def test_a_finished_sweep_is_not_run_again_and_says_so(run: Run) -> None:
    text = sweep("twice")
    assert run("sweep", "create", "-f", "-", "--watch", text=text).returncode == 0
    preview = run("sweep", "create", "-f", "-", "--dry-run", text=text)
    assert "3 of the runs are trained already and are not run again" in preview.stdout
    assert "0 runs to train, 0 of them new" in preview.stdout


def test_a_dry_run_queues_nothing(run: Run) -> None:
    done = run("sweep", "create", "-f", "-", "--dry-run", text=sweep("only asked"))
    assert done.returncode == 0
    assert "bonus/beta=0.001  1 run  (baseline)" in done.stdout
    assert "3 runs to train, 3 of them new" in done.stdout
    assert "only asked" not in run("sweep", "list").stdout


def test_json_is_the_servers_answer_and_nothing_else(run: Run) -> None:
    created = json.loads(run("sweep", "create", "-f", "-", "--json", text=sweep("json")).stdout)
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
    created = run("sweep", "create", "-f", "-", "--watch", text=sweep("table", 2))
    number = number_of(created)
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


def test_runs_and_workers_can_be_looked_at(run: Run) -> None:
    run("sweep", "create", "-f", "-", "--watch", text=sweep("looked at"))
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


def test_a_sweep_can_be_cancelled_and_retried(run: Run, hold: Hold) -> None:
    seed = new_seed()
    hold(seed)
    created = run("sweep", "create", "-f", "-", text=sweep("stopped", [seed]))
    number = number_of(created)
    assert "cancelled" in run("sweep", "cancel", number).stdout
    watched = run("sweep", "watch", number)
    assert watched.returncode == 1
    assert "cancelled" in watched.stdout
    again = run("sweep", "retry", number)
    assert again.returncode == 0
    assert "queued" in again.stdout
    run("sweep", "cancel", number)


def test_wrong_fields_are_named_and_the_exit_code_of_the_process_is_two(stack: Stack) -> None:
    wrong = sweep(
        "wrong", [1], arms=[{"name": "a", "method": "entropy_shaped", "alpha": 1, "kappa": 1}]
    )
    here = clean_environment() | {"FORKPOINT_URL": stack.url, "FORKPOINT_DATA": str(stack.data)}
    done = run_forkpoint("sweep", "create", "-f", "-", environment=here, text=wrong)
    assert done.returncode == 2
    assert "arms[0].kappa[0] (arm a): kappa must be greater than 1" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["sweep", "create", "-f", "no-such-file.yaml"],
            "no-such-file.yaml: there is no such file",
        ),
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
    file.write_text(json.dumps(yaml.safe_load(sweep("from json"))))
    assert run("sweep", "create", "-f", str(file), "--dry-run").returncode == 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_accepted_or_says_which_data_it_needs(run: Run, example: Path) -> None:
    done = run("sweep", "create", "-f", str(example), "--dry-run")
    if yaml.safe_load(example.read_text())["task"].startswith("./"):
        assert done.returncode == 2
        assert "fetch it with `forkpoint data fetch`" in done.stderr
    else:
        assert done.returncode == 0, done.stderr


def test_ctrl_c_leaves_the_sweep_running_and_says_so(stack: Stack, run: Run, hold: Hold) -> None:
    seed = new_seed()
    hold(seed)
    number = number_of(run("sweep", "create", "-f", "-", text=sweep("left alone", [seed])))
    with following(stack, number) as watching:
        read_until(watching, "left alone")
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=120)
    assert watching.returncode == 130
    assert f"sweep {number} goes on" in said
    progress = json.loads(run("sweep", "show", number, "--json").stdout)["progress"]
    assert progress["cancelled"] == 0
    run("sweep", "cancel", number)


def test_on_a_terminal_the_display_is_redrawn_in_place(stack: Stack, run: Run) -> None:
    created = run("sweep", "create", "-f", "-", text=sweep("on a terminal", 2))
    number = number_of(created)
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
    assert watching.wait(timeout=120) == 0
    assert b"on a terminal" in shown
    assert b"6/6 succeeded" in shown
    assert b"\x1b[" in shown


@contextmanager
def paused(stack: Stack) -> Iterator[None]:
    stack.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        stack.process.send_signal(signal.SIGCONT)


def test_watching_survives_a_restart_of_the_api(stack: Stack, run: Run, hold: Hold) -> None:
    seed = new_seed()
    held = hold(seed)
    created = run("sweep", "create", "-f", "-", text=sweep("through a restart", [seed]))
    with following(stack, number_of(created)) as watching:
        read_until(watching, "through a restart")
        with paused(stack):  # which would start it again
            stack.child("-m", "api").kill()
            read_until(watching, "the server does not answer; trying again")
        held.unlink()
        said, _ = watching.communicate(timeout=120)
    assert watching.returncode == 0, said
    assert "3/3 succeeded" in said
    wait_until(lambda: run("worker", "list").returncode == 0)
