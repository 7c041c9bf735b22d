"""Asking for analyses and reading what they found, as a shell does."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.behaviours import kinds_table
from cli.observations import ArmFigures, ArmGaps, Figure, Gap, KindFigures, KindGaps
from tests.cli.conftest import POISON, Run, sweep
from tests.conftest import ROOT
from tests.stacks import Stack

TINY = ROOT / "trainer" / "models" / "countdown_tiny"
UNTRAINED = ("analyse", "countdown-tiny", "--task", "countdown")


def submit(run: Run, name: str) -> tuple[int, list[dict[str, Any]]]:
    """A finished sweep's number and its runs."""
    done = run("sweep", "create", "-f", "-", "--watch", "--json", text=sweep(name))
    assert done.returncode == 0, done.stderr
    number = json.loads(done.stdout)["id"]
    listed = json.loads(run("run", "list", "--sweep", str(number), "--json").stdout)
    return number, listed["runs"]


def test_a_sweep_is_analysed_followed_and_its_behaviour_shown(run: Run) -> None:
    number, runs = submit(run, "looked at")
    cost = run("sweep", "analyse", str(number), "--dry-run")
    assert "4 analysis runs, 4 of them new: 64 problems x 4 traces" in cost.stdout
    done = run("sweep", "analyse", str(number), "--arm", "bonus", "--watch")
    assert done.returncode == 0, done.stderr
    assert f"bonus/beta=0.001 seed {runs[0]['seed']} step 3: succeeded" in done.stdout
    assert "untrained step 0: succeeded" in done.stdout
    shown = run("behaviour", str(number))
    assert shown.returncode == 0, shown.stderr
    for word in ("operators", "rare", "diverse", "chance 0.25"):
        assert word in shown.stdout
    assert "reflective" not in shown.stdout, "a kind that never occurs has no row"
    whole = json.loads(run("behaviour", str(number), "--json").stdout)
    assert [one["arm"] for one in whole["arms"]] == ["untrained", "bonus/beta=0.001"]


def figure(value: float | None) -> Figure:
    return Figure(value=value, low=None, high=None)


def kind_figures(name: str, often: float, mean: float | None) -> KindFigures:
    return KindFigures(
        name=name, of="words", per_thousand=figure(often), mean=figure(mean), gap=figure(mean)
    )


def arm_figures(*kinds: KindFigures) -> ArmFigures:
    return ArmFigures(
        arm="grpo", step=3, seeds=[0], problems=9, traces=36, entropy=figure(1), kinds=list(kinds)
    )


def test_each_p_stands_beside_its_own_difference() -> None:
    gaps = [
        Gap(view="all", delta=figure(0.5), adjusted_p=0.012),
        Gap(view="both", delta=figure(0.25), adjusted_p=0.34),
    ]
    apart = ArmGaps(kinds=[KindGaps(name="operators", of="words", gaps=gaps)])
    table = kinds_table([arm_figures(kind_figures("operators", 7, 0.5))], [apart])
    cells = [(column.header, list(column.cells)[1]) for column in table.columns]
    assert cells[3:] == [
        ("more than elsewhere", "+0.50"),
        ("p", "0.012"),
        ("same place, problem", "+0.25"),
        ("p", "0.340"),
    ]


def test_a_kind_that_never_occurs_has_no_row() -> None:
    arm = arm_figures(kind_figures("operators", 7, 0.5), kind_figures("reflective", 0, None))
    table = kinds_table([arm], [ArmGaps(kinds=[])])
    assert list(table.columns[0].cells) == ["grpo step 3, 1 seed", "  operators"]


def test_all_words_together_have_a_row_where_there_are_several_kinds() -> None:
    kinds = [kind_figures(name, 7, 0.5) for name in ("all", "causal", "verbs")]
    for told, names in ((kinds[:2], ["  causal"]), (kinds, ["  all", "  causal", "  verbs"])):
        table = kinds_table([arm_figures(*told)], [ArmGaps(kinds=[])])
        assert list(table.columns[0].cells)[1:] == names


def test_one_run_is_analysed_by_its_number(run: Run) -> None:
    _, runs = submit(run, "one of them")
    done = run("analyse", str(runs[0]["id"]), "--watch", "--json")
    assert done.returncode == 0, done.stderr
    page = json.loads(done.stdout)
    assert {one["status"] for one in page["analyses"]} == {"succeeded"}
    assert page["analyses"][1]["subject_id"] == runs[0]["id"]


def test_an_untrained_model_is_analysed_without_a_sweep_of_ones_own(
    run: Run, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("probe: {problems: 8}\ncollapse: null\n")
    arguments = (*UNTRAINED, "-f", str(settings))
    first = json.loads(run(*arguments, "--watch", "--json").stdout)
    again = json.loads(run(*arguments, "--json").stdout)
    assert first["analyses"] == again["analyses"], "the same sweep, and the same analysis in it"
    assert [one["arm"] for one in first["analyses"]] == ["untrained"]


def test_an_untrained_model_whose_sweep_is_archived_has_another(run: Run) -> None:
    run(*UNTRAINED)
    first = newest(run)
    assert first["name"] == "countdown-tiny on countdown, untrained"
    assert run("sweep", "archive", str(first["id"])).returncode == 0
    done = run(*UNTRAINED)
    assert done.returncode == 0, done.stderr
    assert newest(run)["id"] > first["id"]


def newest(run: Run) -> dict[str, Any]:
    [one] = json.loads(run("sweep", "list", "--limit", "1", "--json").stdout)["sweeps"]
    return dict(one)


def test_a_model_that_has_changed_is_looked_at_again(run: Run, stack: Stack) -> None:
    folder = stack.data / "models" / "changing"
    shutil.copytree(TINY, folder)
    command = ("analyse", "./changing", "--task", "countdown", "--json")
    before = json.loads(run(*command).stdout)["asked"]
    settings = folder / "generation_config.json"
    settings.write_text(settings.read_text() + " ")
    assert json.loads(run(*command).stdout)["asked"] != before


def test_an_earlier_failure_is_none_of_what_is_asked_for_now(run: Run, tmp_path: Path) -> None:
    number, _ = submit(run, "asked twice")
    poison = tmp_path / "poison.yaml"
    poison.write_text(f"probe: {{seed: {POISON}}}\n")
    failed = run("sweep", "analyse", str(number), "-f", str(poison), "--watch")
    assert failed.returncode == 1
    assert "4 analysis runs failed: the plan says so" in failed.stderr
    done = run("sweep", "analyse", str(number), "--watch")
    assert done.returncode == 0, done.stderr
    assert "failed" not in done.stdout


def test_a_file_is_read_as_sweeps_are_and_options_come_before_it(run: Run, tmp_path: Path) -> None:
    number, _ = submit(run, "with words of its own")
    settings = tmp_path / "settings.yaml"
    settings.write_text("steps: all\nlexicon: {name: own, words: {choice: [no, on, yes]}}\n")
    arguments = ("sweep", "analyse", str(number), "-f", str(settings), "--dry-run")
    whole, one = run(*arguments), run(*arguments, "--steps", "0")
    assert whole.returncode == 0, whole.stderr
    assert "4 analysis runs, 4 of them new" in whole.stdout
    assert "1 analysis run, 1 of them new" in one.stdout
    assert "word list own" in one.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("countdown-tiny",), "--task: name the task"),
        (("1", "--steps", "first"), "--steps: 'first' is neither"),
        (("1", "-f", "/nowhere.yaml"), "/nowhere.yaml: there is no such file; check its name"),
        (("1", "--task", "countdown"), "--task: run 1 has its task already"),
        ((*UNTRAINED[1:], "--steps", "0,50"), "--steps: countdown-tiny is untrained"),
        (("99999",), "there is no run 99999"),
    ],
)
def test_what_cannot_be_asked_is_said(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run("analyse", *arguments)
    assert done.returncode != 0
    assert words in done.stderr


def test_a_sweep_that_nobody_analysed_says_how(run: Run) -> None:
    number, _ = submit(run, "not looked at")
    assert f"forkpoint sweep analyse {number}" in run("behaviour", str(number)).stdout
