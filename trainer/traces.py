"""The traces an analysis looks at: drawn once for the weights, the problems and the settings.

Those of the untrained model are drawn for every analysis that compares sentences with it; so they
lie where all analyses look for them, under a name that follows from all that determines them.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from domain.analyses import AnalysisSettings
from domain.marks import marker_of
from domain.runs import RECIPE_VERSION
from domain.tallies import Trace
from trainer.notebooks import open_notebook
from trainer.rollouts import spell
from trainer.sampling import Drawn, Sampling, sample_whole
from trainer.subjects import Subject
from trainer.tasks import Problem, Verdict

DIGITS = 24


class DrawnTrace(BaseModel):
    """Token ids, the end included, with the entropy that each was drawn from."""

    model_config = ConfigDict(ser_json_inf_nan="constants")

    ids: list[int]
    entropies: list[float]
    correct: bool
    truncated: bool


class DrawnProblem(BaseModel):
    model_config = ConfigDict(ser_json_inf_nan="constants")

    number: int
    traces: list[DrawnTrace]


@dataclass(frozen=True)
class Probe:
    """The problems' prompts, and their traces as they were drawn and as they read."""

    prompts: Sequence[str]
    prompt_ids: Sequence[list[int]]
    problems: Sequence[Problem]
    drawn: Sequence[DrawnProblem]
    traces: Sequence[Sequence[Trace]]

    @property
    def tokens(self) -> int:
        return sum(len(trace.ids) for problem in self.drawn for trace in problem.traces)


def settings_of(subject: Subject) -> AnalysisSettings:
    """Raises ValueError for a run that is no analysis."""
    if subject.spec.analysis is None:
        raise ValueError("this run analyses nothing")
    return subject.spec.analysis


def name_untrained(untrained: Subject) -> str:
    """The same for every analysis that draws the same traces of the untrained model: a GPU that
    computes in another dtype draws others."""
    wanted = untrained.spec.model_dump(
        mode="json",
        include={
            "model": True,
            "model_version": True,
            "model_settings": True,
            "task": True,
            "task_version": True,
            "task_settings": True,
            "analysis": {"probe": True},
        },
    )
    made = {"recipe": RECIPE_VERSION, "dtype": untrained.dtype_name, **wanted}
    text = json.dumps(made, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def draw_probe(
    subject: Subject,
    notebook: Path | None,
    pause: Callable[[], None],
    seen: Callable[[DrawnProblem, list[Trace]], None],
) -> Probe:
    """Those in the notebook are not drawn again. `seen` is told of each problem as soon as it is
    there. Raises what `pause` raises, between problems."""
    probe = settings_of(subject).probe
    prompts = subject.ask(probe.split, probe.problems)
    ids = subject.tokenize(prompts)
    problems = [subject.problems[prompt] for prompt in prompts]
    found: dict[int, tuple[DrawnProblem, list[Trace]]] = {}

    def take(row: DrawnProblem) -> None:
        found[row.number] = row, read_marks(subject, row)
        seen(*found[row.number])

    with open_notebook(notebook, DrawnProblem, pause) as book:
        for row in list(book.rows):
            take(row)
        left = [(number, own) for number, own in enumerate(ids) if number not in found]
        subject.model.eval()
        pause()
        for number, drawn in sample_whole(subject.model, left, sampling_of(subject)):
            traces = list(read_traces(subject, problems[number], drawn))
            row = DrawnProblem(number=number, traces=traces)
            book.keep(row)
            take(row)
            pause()
    rows, traces_read = zip(*(found[number] for number in range(len(ids))), strict=True)
    return Probe(prompts, ids, problems, rows, traces_read)


def sampling_of(subject: Subject) -> Sampling:
    probe, tokenizer = settings_of(subject).probe, subject.tokenizer
    return Sampling(
        samples=probe.traces,
        tokens=probe.max_completion_tokens or subject.task.card.completion_tokens,
        temperature=probe.temperature,
        top_p=1.0,
        seed=probe.seed,
        eos=tokenizer.eos_token_id,
        pad=tokenizer.pad_token_id,
        dtype=subject.dtype,
        entropies=True,
    )


def read_traces(subject: Subject, problem: Problem, drawn: Drawn) -> Iterator[DrawnTrace]:
    eos = subject.tokenizer.eos_token_id
    if drawn.entropies is None:
        raise ValueError("traces need the entropies that they were drawn from")
    for row, entropies in zip(drawn.tokens.tolist(), drawn.entropies.tolist(), strict=True):
        ended = eos in row
        length = row.index(eos) + 1 if ended else len(row)
        text = str(subject.tokenizer.decode(row[:length], skip_special_tokens=True))
        correct = ended and subject.task.grade(problem, text) == Verdict.CORRECT
        yield DrawnTrace(
            ids=row[:length],
            entropies=entropies[:length],
            correct=correct,
            truncated=not ended,
        )


def read_marks(subject: Subject, row: DrawnProblem) -> list[Trace]:
    marker = marker_of(settings_of(subject).lexicon)
    texts = [read_texts(subject, trace.ids) for trace in row.traces]
    return [
        Trace(tokens, trace.entropies, marker.mark(tokens), trace.correct, trace.truncated)
        for tokens, trace in zip(texts, row.traces, strict=True)
    ]


def read_texts(subject: Subject, ids: Sequence[int]) -> list[str]:
    """What each token adds to the text that is looked at: the end and its like add nothing."""
    special = set(subject.tokenizer.all_special_ids)
    spelt = spell(ids, subject.tokenizer)
    return ["" if token in special else text for token, text in zip(ids, spelt, strict=True)]
