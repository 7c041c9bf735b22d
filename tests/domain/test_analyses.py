"""An analysis is a run: what it is of, and which analyses are the same one."""

import pytest
from pydantic import ValidationError

from domain import runs
from domain.analyses import AnalysisSettings, CollapseSettings, ProbeSettings, RareSettings
from domain.methods import EntropyShaped, Grpo
from domain.runs import EvalSettings, RunSpec, TrainSettings, analysis_of, content_hash

TRAINED = RunSpec(
    model="countdown-tiny",
    model_version="1",
    task="countdown",
    task_version="1",
    method=Grpo(method="grpo"),
    train=TrainSettings(steps=10),
    eval=EvalSettings(problems=8, samples=4),
    seed=1,
)
SHAPED = TRAINED.model_copy(update={"method": EntropyShaped(method="entropy_shaped", alpha=0.4)})


def at(step: int, **settings: object) -> AnalysisSettings:
    return AnalysisSettings.model_validate({"step": step, **settings})


def test_a_run_keeps_the_hash_it_had_before_there_were_analyses() -> None:
    assert content_hash(analysis_of(TRAINED, at(10)).subject) == content_hash(TRAINED)


def test_the_same_question_of_the_same_weights_is_one_run() -> None:
    again = analysis_of(TRAINED, at(10, shown=16))
    assert content_hash(analysis_of(TRAINED, at(10))) == content_hash(again)


@pytest.mark.parametrize(
    "other",
    [
        analysis_of(SHAPED, at(10)),
        analysis_of(TRAINED, at(5)),
        analysis_of(TRAINED, at(10, probe={"problems": 8})),
        analysis_of(TRAINED, at(10, rare=None)),
        TRAINED,
    ],
)
def test_another_question_or_other_weights_are_another_run(other: RunSpec) -> None:
    assert content_hash(analysis_of(TRAINED, at(10))) != content_hash(other)


def test_the_untrained_model_is_the_same_below_every_run() -> None:
    untrained = analysis_of(TRAINED, at(0))
    assert untrained == analysis_of(SHAPED, at(0))
    assert untrained.train is None


def test_an_analysis_that_is_told_otherwise_is_another_and_its_run_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = analysis_of(TRAINED, at(10))
    before = content_hash(asked), content_hash(asked.subject)
    monkeypatch.setattr(runs, "ANALYSIS_VERSION", runs.ANALYSIS_VERSION + 1)
    assert content_hash(asked) != before[0]
    assert content_hash(asked.subject) == before[1]


def test_an_analysis_takes_no_training_steps() -> None:
    assert analysis_of(TRAINED, at(10)).total_steps == 0


def test_keeping_weights_leaves_other_runs_their_hash() -> None:
    kept = TRAINED.model_copy(update={"train": TrainSettings(steps=10, keep_every=5)})
    plain = TrainSettings(steps=10, keep_every=None)
    assert content_hash(TRAINED.model_copy(update={"train": plain})) == content_hash(TRAINED)
    assert content_hash(kept) != content_hash(TRAINED)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (ProbeSettings, {"problems": 1}),
        (ProbeSettings, {"temperature": 0}),
        (RareSettings, {"share": 0.6}),
        (CollapseSettings, {"problems": 513}),
        (AnalysisSettings, {"step": -1}),
    ],
)
def test_settings_have_bounds(kind: type[AnalysisSettings], wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(wrong)
