"""A behaviour analysis from its spec to its last finding: see domain/findings.py for what is said.

In turn: traces are drawn, and those of the untrained model where sentences are compared; sentences
are embedded and set against the untrained model's; traces are scored under each other's prompts.
What is slow is kept part by part, so that an attempt goes on where the last one stopped; all
findings are said anew by each.
"""

import logging
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from domain.analyses import AnalysisSettings, CollapseSettings, RareSettings
from domain.digests import digest
from domain.events import Analysed, Event, Finished
from domain.findings import Cost, Finding, ScoreColumn, ShownSentence, ShownTrace
from domain.numbers import finite
from domain.probes import bill, settle_analysis
from domain.runs import analysis_of
from domain.tallies import Trace, tally_tokens
from trainer.failures import Drained
from trainer.notebooks import open_notebook
from trainer.rarities import Rarities, Sentences, find_rarities
from trainer.scoring import score
from trainer.subjects import Subject
from trainer.traces import DrawnProblem, Probe, draw_probe, name_untrained, sampling_of, settings_of
from trainer.weights import find_weights, put_weights

logger = logging.getLogger(__name__)

Say = Callable[[Event], None]


@dataclass(frozen=True)
class Desk:
    """Where an analysis finds and keeps things: `own` is its folder, `weights` its run's, `probes`
    that of traces of untrained models; embedders lie below `models`. None where there is none."""

    own: Path | None
    weights: Path | None
    probes: Path | None
    models: Path


@dataclass
class Bench:
    """One analysis under way: what it says and hears, and how long its parts took by its clock."""

    subject: Subject
    desk: Desk
    say: Say
    pause: Callable[[], None]
    clock: Callable[[], float] = time.monotonic
    seconds: dict[str, float] = field(default_factory=dict)
    told: list[Finding] = field(default_factory=list)

    @property
    def settings(self) -> AnalysisSettings:
        return settings_of(self.subject)

    def tell(self, finding: Finding) -> None:
        self.told.append(finding)
        self.say(Analysed(finding=finding))

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        started = self.clock()
        yield
        self.seconds[part] = self.seconds.get(part, 0.0) + self.clock() - started

    def kept(self, name: str) -> Path | None:
        """Its own notebook of that name."""
        own = self.desk.own
        return own / f"{name}-{self.subject.made_in}.jsonl" if own else None


def look_at(subject: Subject, desk: Desk, say: Say, asked_to_stop: Callable[[], bool]) -> None:
    """Raises Drained if asked to stop, BadData where the weights are not there."""

    def pause() -> None:
        if asked_to_stop():
            raise Drained

    began = time.monotonic()
    analyse(Bench(subject, desk, say, pause))
    say(Finished(step=0, seconds=time.monotonic() - began))


def analyse(bench: Bench) -> None:
    settings = bench.settings
    announce(settle_analysis(settings, bench.subject.task.card))
    base = draw_base(bench) if settings.rare or not settings.step else None
    if settings.step:
        with bench.timed("loading"):
            bench.subject = with_weights(bench)
        probe = draw_own(bench)
    elif base:
        probe = base
    rarities = None
    if settings.rare and base:
        rarities = compare(bench, probe, base if settings.step else None, settings.rare)
    bench.tell(digest(bench.told, settings.lexicon.words))
    show_traces(bench, probe, rarities)
    scored = score_all(bench, probe, settings.collapse) if settings.collapse else 0
    bench.tell(
        Cost(
            seconds=bench.seconds,
            peak_bytes=peak_bytes(bench.subject.model.device),
            sampled_tokens=probe.tokens,
            scored_tokens=scored,
            embedded_sentences=len(rarities.sentences.texts) if rarities else 0,
        )
    )


def announce(settings: AnalysisSettings) -> None:
    cost = bill(settings)
    logger.warning(
        "at most %d tokens to draw%s, %d passes over %d tokens to score",
        cost.drawn_tokens,
        f", and {cost.compared_tokens} of the untrained model unless made before"
        if cost.compared_tokens
        else "",
        cost.passes,
        cost.scored_tokens,
    )


def with_weights(bench: Bench) -> Subject:
    subject, step = bench.subject, bench.settings.step
    trained = subject.spec.subject
    folder = find_weights(bench.desk.weights, trained, step)
    model = put_weights(subject.model, trained, folder, subject.model.dtype)
    return replace(subject, model=model)


def draw_base(bench: Bench) -> Probe:
    """The untrained model's traces, said where they are what is analysed."""
    subject, settings = bench.subject, bench.settings
    asked = analysis_of(subject.spec.subject, settings.model_copy(update={"step": 0}))
    untrained = replace(subject, spec=asked)
    shared = bench.desk.probes
    path = shared / f"{name_untrained(untrained)}.jsonl" if shared else None
    seen = note_progress if settings.step else (lambda *given: tell_tally(bench, *given))
    with bench.timed("drawing the untrained model's" if settings.step else "drawing"):
        return draw_probe(untrained, path, bench.pause, seen)


def draw_own(bench: Bench) -> Probe:
    with bench.timed("drawing"):
        return draw_probe(
            bench.subject,
            bench.kept("traces"),
            bench.pause,
            lambda *given: tell_tally(bench, *given),
        )


def note_progress(drawn: DrawnProblem, traces: list[Trace]) -> None:
    """Nothing is said of the untrained model's traces, and a silent trainer counts as stalled."""
    tokens = sum(len(trace.tokens) for trace in traces)
    logger.warning("the untrained model wrote %d tokens for problem %d", tokens, drawn.number)


def tell_tally(bench: Bench, drawn: DrawnProblem, traces: list[Trace]) -> None:
    bench.tell(tally_tokens(drawn.number, traces))


def compare(
    bench: Bench, probe: Probe, base: Probe | None, settings: RareSettings
) -> Rarities | None:
    with bench.timed("comparing sentences"):
        bench.pause()
        found = find_rarities(
            Sentences.of(probe.traces),
            Sentences.of(base.traces) if base else None,
            settings,
            bench.desk.models,
            bench.subject.model.device,
        )
    if found is None:
        logger.warning("there are too few sentences to compare")
        return None
    for tally in found.tally(len(probe.traces)):
        bench.tell(tally)
    bench.tell(found.list_rarest(settings.shown))
    return found


def show_traces(bench: Bench, probe: Probe, rarities: Rarities | None) -> None:
    """The first of every problem, then the second of every problem, as many as were asked for."""
    chosen = [
        (problem, number)
        for number in range(bench.settings.probe.traces)
        for problem in range(len(probe.traces))
    ][: bench.settings.shown]
    distances = rarities.by_trace() if rarities else {}
    threshold = rarities.threshold if rarities else 0.0
    for index, (problem, number) in enumerate(chosen):
        trace = probe.traces[problem][number]
        known = distances.get((problem, number))
        bench.tell(
            ShownTrace(
                number=index,
                problem=problem,
                question=probe.problems[problem].question,
                prompt=probe.prompts[problem],
                correct=trace.correct,
                truncated=trace.truncated,
                tokens=list(trace.tokens),
                entropies=[finite(value) for value in trace.entropies],
                words=trace.marks.words,
                sentences=list(show_sentences(trace, known, threshold)),
            )
        )


def show_sentences(
    trace: Trace, distances: list[float] | None, threshold: float
) -> Iterator[ShownSentence]:
    for place, mark in enumerate(trace.marks.sentences):
        distance = distances[place] if distances else None
        rare = distance is not None and distance >= threshold
        yield ShownSentence(mark.first, mark.last, mark.reflective, rare, distance)


def score_all(bench: Bench, probe: Probe, settings: CollapseSettings) -> int:
    """Prompt by prompt; answers how many tokens were read under one prompt or another."""
    chosen = [
        [trace.ids for trace in problem.traces[: settings.traces]]
        for problem in probe.drawn[: settings.problems]
    ]
    flat = [ids for traces in chosen for ids in traces]
    how = sampling_of(bench.subject)
    path = bench.kept("scores")
    with bench.timed("scoring"), open_notebook(path, ScoreColumn, bench.pause) as book:
        done = {column.number: column for column in book.rows}
        for number in range(len(chosen)):
            if number in done:
                bench.tell(done[number])
                continue
            prompt = list(probe.prompt_ids[number])
            logs = iter(score(bench.subject.model, prompt, flat, how, bench.pause))
            column = ScoreColumn(
                number=number,
                lengths=[[len(ids) for ids in traces] for traces in chosen],
                scores=[[finite(next(logs)) for _ in traces] for traces in chosen],
            )
            book.keep(column)
            bench.tell(column)
    return len(chosen) * sum(map(len, flat))


def peak_bytes(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
