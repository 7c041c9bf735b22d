"""Confirming an arm in the terminal: refused, said beforehand, and done."""

import json

from tests.cli.conftest import Hold, Run, new_seed, number_of, sweep


def test_an_arm_can_be_confirmed_once_its_sweep_is_finished(run: Run, hold: Hold) -> None:
    seed, other, another = new_seed(), new_seed(), new_seed()
    held = hold(seed)
    created = run("sweep", "create", "-f", "-", text=sweep("a search", [seed]))
    number = number_of(created)
    confirm = ["sweep", "confirm", number, "--arm", "shaped/alpha=0.8"]
    assert f"sweep {number} is not finished" in run(*confirm).stderr
    held.unlink()
    run("sweep", "watch", number)
    done = run(*confirm, "--seed", str(other), "--seed", str(another), "--watch")
    assert done.returncode == 0, done.stderr
    assert "4 runs" in done.stdout
    assert f"shaped/alpha=0.8 seed {another} succeeded" in done.stdout
    sweep_id = number_of(done)
    shown, of = run("sweep", "show", sweep_id).stdout, f"shaped/alpha=0.8 of sweep {number}"
    assert f"Confirms {of} (a search): new seeds, held-out problems" in shown
    assert f"Sweep {sweep_id} confirms shaped/alpha=0.8: succeeded" in (
        run("sweep", "show", number).stdout
    )


def test_a_dry_run_of_a_confirmation_says_what_it_would_train_and_queues_nothing(run: Run) -> None:
    seed, other = new_seed(), new_seed()
    text = sweep("a third search", [seed])
    number = number_of(run("sweep", "create", "-f", "-", "--watch", text=text))
    before = json.loads(run("sweep", "list", "--json").stdout)["total"]
    confirm = ("sweep", "confirm", number, "--arm", "shaped/alpha=0.8", "--seed", str(other))
    said = run(*confirm, "--dry-run").stdout
    assert f"Seeds {other}; 16 held-out problems, 8 samples each" in said
    assert "2 arms, 2 runs" in said
    assert "Device time: about" in said
    assert "2 runs to train, 2 of them new" in said
    assert json.loads(run(*confirm, "--dry-run", "--json").stdout)["seeds"] == [other]
    assert json.loads(run("sweep", "list", "--json").stdout)["total"] == before


def test_what_cannot_be_confirmed_is_named_by_its_field(run: Run) -> None:
    text = sweep("another search")
    created = run("sweep", "create", "-f", "-", "--watch", text=text)
    number = number_of(created)
    done = run("sweep", "confirm", number, "--arm", "bonus", "--seed", str(new_seed()), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("arm: 'bonus/beta=0.001' is the baseline")
