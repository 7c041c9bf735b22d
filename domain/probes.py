"""How large an analysis is on a given task, and what it costs at most."""

from dataclasses import dataclass

from domain.analyses import AnalysisSettings, CollapseSettings, ProbeSettings
from domain.catalogue import TaskCard
from domain.errors import invalid


@dataclass(frozen=True)
class Bill:
    """What an analysis computes at most: tokens drawn one by one, and tokens read at once.

    A token that is drawn costs several times one that is read. `compared` is an analysis' share of
    drawing the untrained model's traces too, which later ones find made.
    """

    drawn_tokens: int
    compared_tokens: int
    scored_tokens: int
    passes: int


def settle_analysis(settings: AnalysisSettings, task: TaskCard) -> AnalysisSettings:
    """With the sizes that the task allows. What was not asked for is as much as there is.

    Raises Invalid naming the field.
    """
    probe = settle_probe(settings.probe, task)
    collapse = settings.collapse and settle_collapse(settings.collapse, probe)
    return settings.model_copy(update={"probe": probe, "collapse": collapse})


def settle_probe(probe: ProbeSettings, task: TaskCard) -> ProbeSettings:
    available = task.eval_problems if probe.split == "eval" else task.held_out_problems
    problems = probe.problems
    if problems > available:
        if "problems" in probe.model_fields_set:
            raise invalid(
                "probe.problems",
                f"the {probe.split} split of {task.name} has {available}; ask for at most that "
                "many",
            )
        problems = available
    tokens = probe.max_completion_tokens or task.completion_tokens
    return probe.model_copy(update={"problems": problems, "max_completion_tokens": tokens})


def settle_collapse(collapse: CollapseSettings, probe: ProbeSettings) -> CollapseSettings:
    """Those that are scored are among those that were drawn."""
    found = {}
    for name in ("problems", "traces"):
        wanted, drawn = getattr(collapse, name), getattr(probe, name)
        if wanted > drawn and name in collapse.model_fields_set:
            raise invalid(
                f"collapse.{name}",
                f"must be at most probe.{name}, of which there are {drawn}; given: {wanted}",
            )
        found[name] = min(wanted, drawn)
    return collapse.model_copy(update=found)


def bill(settings: AnalysisSettings) -> Bill:
    """Of settings with the sizes settled."""
    probe, collapse = settings.probe, settings.collapse
    longest = probe.max_completion_tokens or 0
    drawn = probe.problems * probe.traces * longest
    passes = collapse.problems**2 * collapse.traces if collapse else 0
    return Bill(
        drawn_tokens=drawn,
        compared_tokens=drawn if settings.rare and settings.step else 0,
        scored_tokens=passes * longest,
        passes=passes,
    )
