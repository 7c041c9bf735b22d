"""A behaviour analysis of real weights: what it says, of whom, and that a kill costs little."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
import torch

from domain.analyses import AnalysisSettings, CollapseSettings, ProbeSettings, RareSettings
from domain.behaviours import describe_behaviour
from domain.events import Analysed, Event, Finished, Kept, Started
from domain.findings import Finding, RareList, ScoreColumn, ShownTrace, TokenTally
from domain.lexicons import LEXICONS
from domain.runs import RunSpec, analysis_of
from tests.trainer.conftest import make_spec
from trainer import runs, subjects
from trainer.failures import BadData, Drained
from trainer.precision import weights_dtype
from trainer.traces import name_untrained
from trainer.weights import find_weights, put_weights

LORA = {"lora_rank": 4, "learning_rate": 0.01}


class Asked(NamedTuple):
    """The spec of a trained run and where its weights are."""

    spec: RunSpec
    weights: Path


def settings(step: int, **other: object) -> AnalysisSettings:
    return AnalysisSettings(
        step=step,
        lexicon=LEXICONS["countdown-1"],
        probe=ProbeSettings(problems=6, traces=3),
        collapse=CollapseSettings(problems=4, traces=2),
    ).model_copy(update=other)


def look(
    spec: RunSpec,
    folder: Path,
    weights: Path | None = None,
    asked_to_stop: Callable[[], bool] = lambda: False,
) -> list[Event]:
    said: list[Event] = []
    place = runs.Place(
        folder, checkpoints=folder / "own", weights=weights, probes=folder.parent / "probes"
    )
    runs.run(spec, place, said.append, asked_to_stop)
    return said


def findings(said: list[Event]) -> list[Finding]:
    return [event.finding for event in said if isinstance(event, Analysed)]


def train(spec: RunSpec, folder: Path) -> tuple[Asked, list[Event]]:
    said: list[Event] = []
    place = runs.Place(folder / "here", checkpoints=folder / "checkpoints", checkpoint_seconds=0)
    runs.run(spec, place, said.append, lambda: False)
    return Asked(spec, folder / "checkpoints"), said


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Asked, list[Event]]:
    spec = make_spec(train={"steps": 4, "keep_every": 2}, evaluation={"problems": 1})
    return train(spec, tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    spec = analysis_of(make_spec({"method": "base"}), settings(0))
    return look(spec, tmp_path_factory.mktemp("untrained") / "run")


def test_an_untrained_model_is_described_in_full(untrained: list[Event]) -> None:
    assert isinstance(untrained[0], Started)
    assert isinstance(untrained[-1], Finished)
    found = describe_behaviour(settings(0), findings(untrained))
    assert found is not None
    assert (found.problems, found.traces) == (6, 18)
    assert found.pivotal[1].name == "operators"
    assert found.pivotal[1].count > 30
    assert found.rare is not None
    assert found.collapse is not None
    assert found.collapse.traces == 8
    assert found.cost is not None


def test_the_kept_traces_are_what_was_counted(untrained: list[Event]) -> None:
    tallies = [one for one in findings(untrained) if isinstance(one, TokenTally)]
    shown = [one for one in findings(untrained) if isinstance(one, ShownTrace)]
    assert len(shown) == 16, "as many as were asked for, of 18"
    for trace in shown:
        assert len(trace.tokens) == len(trace.entropies)
        for word in trace.words:
            assert trace.tokens[word.first].strip() in {"+", "-", "*"}
    whole = sum(cell.total for tally in tallies for cell in tally.cells)
    assert whole > sum(sum(filter(None, trace.entropies)) for trace in shown) > 0


def test_a_trained_run_is_looked_at_after_its_last_step_and_after_kept_ones(
    trained: tuple[Asked, list[Event]], tmp_path: Path
) -> None:
    asked, said = trained
    assert [event.step for event in said if isinstance(event, Kept)] == [2]
    entropies = {}
    for step in (2, 4):
        found = look(analysis_of(asked.spec, settings(step)), tmp_path / str(step), asked.weights)
        behaviour = describe_behaviour(settings(step), findings(found))
        assert behaviour is not None
        entropies[step] = behaviour.entropy.value
    assert entropies[2] != entropies[4]


def test_the_weights_are_those_of_the_step(trained: tuple[Asked, list[Event]]) -> None:
    asked, _ = trained
    subject = subjects.load(asked.spec)
    before = {name: value.clone() for name, value in subject.model.state_dict().items()}
    folder = find_weights(asked.weights, asked.spec, 2)
    model = put_weights(subject.model, asked.spec, folder, torch.float32)
    assert any(not torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert subject.model.device.type == "meta", "memory may not hold two"


def test_weights_are_looked_at_in_the_dtype_of_the_untrained_ones() -> None:
    spec = make_spec(model_settings={"dtype": "bfloat16"})
    found = {
        weights_dtype(analysis_of(spec, settings(step)), torch.device("cpu")) for step in (0, 2)
    }
    assert found == {torch.bfloat16}
    assert weights_dtype(spec, torch.device("cpu")) == torch.float32


def test_adapters_come_with_the_model(tmp_path: Path) -> None:
    spec = make_spec(train={**LORA, "keep_every": 1}, evaluation={"problems": 1})
    asked, said = train(spec, tmp_path / "trained")
    assert [event.step for event in said if isinstance(event, Kept)] == [1]
    for step in (1, 2):
        subject = subjects.load(spec)
        ids = torch.tensor([subject.tokenize(subject.ask("eval", 1))[0]])
        before = cast(Any, subject.model)(input_ids=ids).logits
        folder = find_weights(asked.weights, spec, step)
        model = put_weights(subject.model, spec, folder, torch.float32)
        assert not torch.equal(cast(Any, model)(input_ids=ids).logits, before)
        said = look(analysis_of(spec, settings(step)), tmp_path / f"look-{step}", asked.weights)
        assert describe_behaviour(settings(step), findings(said)) is not None


def test_weights_that_are_not_there_are_the_users_to_mend(
    trained: tuple[Asked, list[Event]], tmp_path: Path
) -> None:
    asked, _ = trained
    with pytest.raises(BadData, match="no weights of step 9"):
        look(analysis_of(asked.spec, settings(9)), tmp_path / "run", asked.weights)
    with pytest.raises(BadData, match="was not told where"):
        look(analysis_of(asked.spec, settings(4)), tmp_path / "other")


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    asked, _ = train(make_spec(evaluation={"problems": 1}), tmp_path / "trained")
    torn = asked.weights / "step-2" / "model.safetensors"
    torn.write_bytes(torn.read_bytes()[:-1] + b"x")
    with pytest.raises(BadData, match="was changed or is torn"):
        find_weights(asked.weights, asked.spec, 2)


class StopAfter:
    """Asks to stop at the given call."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_whoever_goes_on_draws_and_scores_nothing_twice(
    untrained: list[Event], tmp_path: Path
) -> None:
    spec = analysis_of(make_spec({"method": "base"}), settings(0))
    for calls in (3, 7):
        with pytest.raises(Drained):
            look(spec, tmp_path / "run", asked_to_stop=StopAfter(calls))
    (book,) = (tmp_path / "probes").glob("*.jsonl")
    (scored,) = (tmp_path / "run" / "own").glob("scores-*.jsonl")
    before = book.read_bytes(), scored.read_bytes()
    again = look(spec, tmp_path / "run")
    assert book.read_bytes() == before[0], "all were drawn before the second stop"
    assert scored.read_bytes().startswith(before[1])
    assert before[1]
    assert counts(again) == counts(untrained)


def counts(said: list[Event]) -> list[object]:
    """What does not depend on how an interruption has cut the batches."""
    return [
        [cell[:-1] for cell in one.cells] if isinstance(one, TokenTally) else one.tokens
        for one in findings(said)
        if isinstance(one, TokenTally | ShownTrace)
    ]


def test_the_untrained_models_traces_are_drawn_once_for_all(
    trained: tuple[Asked, list[Event]], tmp_path: Path
) -> None:
    asked, _ = trained
    look(analysis_of(make_spec({"method": "base"}), settings(0)), tmp_path / "base")
    (book,) = (tmp_path / "probes").glob("*.jsonl")
    before = book.stat()
    said = look(analysis_of(asked.spec, settings(4)), tmp_path / "run", asked.weights)
    assert (book.stat().st_mtime_ns, book.stat().st_size) == (before.st_mtime_ns, before.st_size)
    rare = [one for one in findings(said) if isinstance(one, RareList)]
    assert rare[0].base_sentences > 18


class OnAGpu(subjects.Subject):
    """As a GPU computes what a CPU computes in float32."""

    @property
    def dtype(self) -> torch.dtype:
        return torch.bfloat16


def test_what_was_made_in_another_dtype_is_not_taken() -> None:
    here = subjects.load(analysis_of(make_spec({"method": "base"}), settings(0)))
    there = OnAGpu(here.spec, here.model, here.tokenizer, here.task, here.prompts)
    assert name_untrained(here) != name_untrained(there)
    assert here.made_in != there.made_in


def test_while_the_untrained_model_draws_the_log_says_so(
    trained: tuple[Asked, list[Event]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked, _ = trained
    look(analysis_of(asked.spec, settings(4)), tmp_path / "run", asked.weights)
    said = [text for text in caplog.messages if text.startswith("the untrained model wrote")]
    assert len(said) == 6, "one line for each problem"


def test_parts_that_were_not_asked_for_are_not_made(tmp_path: Path) -> None:
    wanted = settings(0, rare=None, collapse=None, shown=0)
    said = look(analysis_of(make_spec({"method": "base"}), wanted), tmp_path / "run")
    assert {finding.part for finding in findings(said)} == {"tokens", "digest", "cost"}


def test_scores_are_of_every_trace_under_every_prompt(untrained: list[Event]) -> None:
    columns = [one for one in findings(untrained) if isinstance(one, ScoreColumn)]
    assert [column.number for column in columns] == [0, 1, 2, 3]
    for column in columns:
        assert [len(row) for row in column.scores] == [2, 2, 2, 2]
        values = [value for row in column.scores for value in row]
        assert all(value is not None and -math.inf < value < 0 for value in values)


def test_a_missing_package_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from assets.cards import Roots
    from domain.errors import Invalid
    from trainer import embedders, specs

    monkeypatch.setattr(embedders, "find_spec", lambda _: None)
    spec = analysis_of(make_spec({"method": "base"}), settings(0))
    with pytest.raises(Invalid, match="pip install 'forkpoint\\[behaviour\\]'"):
        specs.check(spec, Roots.of(tmp_path))


@pytest.mark.parametrize("name", ["../elsewhere", "/etc", "owner/name", "http://x/y"])
def test_what_names_no_embedder_is_refused(name: str, tmp_path: Path) -> None:
    from assets.cards import Roots
    from domain.errors import Invalid
    from trainer import specs

    spec = analysis_of(make_spec({"method": "base"}), settings(0, rare=RareSettings(embedder=name)))
    with pytest.raises(Invalid, match="names no embedder"):
        specs.check(spec, Roots.of(tmp_path))
