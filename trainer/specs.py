"""Whether a run can be done here as its spec stands, answered before a library is loaded."""

from assets.cards import Roots
from assets.rows import BrokenFile
from domain.catalogue import Cards, TaskCard
from domain.errors import invalid
from domain.fits import settle
from domain.probes import settle_analysis
from domain.runs import RunSpec
from domain.sweeps import check_rollout, sized_evaluation
from trainer.embedders import check_embedder
from trainer.failures import BadData


def check(spec: RunSpec, roots: Roots) -> None:
    """Raises Invalid with what the user can do about it, BadData for files that are broken."""
    try:
        cards = roots.find(spec.model, spec.task, spec.task_settings)
    except BrokenFile as error:
        raise BadData(error.message) from None
    check_versions(spec, cards)
    check_method(spec)
    check_sizes(spec, cards.task)
    check_analysis(spec, cards.task, roots)


def check_versions(spec: RunSpec, cards: Cards) -> None:
    mend = "; if its files have changed, put them back or submit the sweep again"
    for field, asked, card in (
        ("model_version", spec.model_version, cards.model),
        ("task_version", spec.task_version, cards.task),
    ):
        if asked != card.version:
            raise invalid(
                field, f"{asked} is asked for, but {card.name} is {card.version} here{mend}"
            )


def check_method(spec: RunSpec) -> None:
    method = spec.method.method
    if method == "base" and spec.train:
        raise invalid("train", "must be null for base: the base model is not trained")
    if method != "base" and not spec.train:
        raise invalid("train", f"is required for {method}")
    if spec.train:
        wanted = settle(spec.method, spec.train, "method", set(), "it").estimator
        if spec.train.estimator != wanted:
            raise invalid("train.estimator", f"must be {wanted} for {method}")


def check_sizes(spec: RunSpec, card: TaskCard) -> None:
    """A sweep was checked by the same rules; a spec given by hand was not."""
    sized_evaluation(spec.eval, card)
    if spec.train:
        check_rollout(spec.train, card, "train")


def check_analysis(spec: RunSpec, card: TaskCard, roots: Roots) -> None:
    """Whether there are so many problems, and such a step. An embedder is looked for."""
    settings = spec.analysis
    if settings is None:
        return
    settle_analysis(settings, card)
    steps = spec.train.steps if spec.train else 0
    if settings.step > steps:
        raise invalid("analysis.step", f"the run takes {steps} steps; given: {settings.step}")
    if settings.rare:
        check_embedder(settings.rare.embedder, roots.models)
