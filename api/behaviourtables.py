"""The tables of a report's section on behaviour."""

from collections.abc import Callable

from api.tables import NOTHING, Cell, Row, Table, percent, row
from domain.armbehaviours import ArmFigures
from domain.behaviourreports import (
    ArmDependence,
    NamedKind,
    ReportedBehaviour,
    list_kinds,
    name_kind,
)
from domain.conclusions import count
from domain.resampling import Figure

Written = Callable[[float], str]


def describe_inquiry(found: ReportedBehaviour) -> str:
    probe, lexicon = found.settings.probe, found.settings.lexicon
    return (
        f"{count(probe.traces, 'trace')} of each of {count(probe.problems, 'problem')} of the "
        f"{probe.split} split, drawn at temperature {probe.temperature:g}; words of the list "
        f"{lexicon.name}. Each arm after the last step that was looked at."
    )


def tabulate_gaps(found: ReportedBehaviour) -> Table:
    kinds = list(list_kinds(found))
    return Table(
        "Mean entropy of all tokens, and how far it lies above the rest where a listed word begins "
        "and over sentences: nats, with 95\u00a0% intervals. The rest are tokens in no listed "
        "word, and the other sentences.",
        ("Arm", "All tokens", *(name_kind(*kind) for kind in kinds)),
        tuple(describe_arm(arm, kinds) for arm in found.arms),
    )


def describe_arm(arm: ArmFigures, kinds: list[NamedKind]) -> Row:
    by_name = {(kind.name, kind.of): kind for kind in arm.kinds}
    return row(
        Cell(arm.arm, describe_seeds(arm)),
        written(arm.entropy, "{:.3f}".format),
        *(written(by_name[name, of].gap, "{:.2f}".format) for name, of in kinds),
    )


def describe_seeds(arm: ArmFigures) -> str:
    if not arm.seeds:
        return "no training"
    noise = ", training noise not included" if len(arm.seeds) == 1 else ""
    return f"step {arm.step}, {count(len(arm.seeds), 'seed')}{noise}"


def tabulate_often(found: ReportedBehaviour) -> Table:
    kinds = list(list_kinds(found))
    by_arm = [(arm, {(kind.name, kind.of): kind for kind in arm.kinds}) for arm in found.arms]
    return Table(
        "How many there are per 1,000 tokens, with a 95\u00a0% interval.",
        ("Arm", *(name_kind(*kind) for kind in kinds)),
        tuple(
            row(
                arm.arm,
                *(written(known[name, of].per_thousand, "{:.1f}".format) for name, of in kinds),
            )
            for arm, known in by_arm
        ),
    )


def tabulate_dependence(found: ReportedBehaviour) -> Table:
    return Table(
        "Whether traces depend on their prompts: I(X;Z) in nats a trace, at most log N; H(Z|X) in "
        "nats a token; and how often a trace's own prompt is the one that makes it likeliest. "
        "Means over seeds with Student's 95\u00a0% interval; of a single run, its own over "
        "problems.",
        ("Arm", "Regimes", "Runs", "I(X;Z)", "log N", "H(Z|X)", "Own prompt, %", "Chance, %"),
        tuple(describe_dependence(one) for one in found.dependence),
        words=2,
    )


def describe_dependence(one: ArmDependence) -> Row:
    regimes = ", ".join(f"{name} {n}" for name, n in sorted(one.regimes.items()))
    return row(
        Cell(one.arm, f"step {one.step}"),
        regimes or "not named: the untrained model was not looked at",
        str(one.runs),
        written(one.mutual, "{:.2f}".format),
        f"{one.most:.2f}",
        written(one.conditional, "{:.3f}".format),
        written(one.retrieved, percent),
        percent(one.chance),
    )


def written(figure: Figure, write: Written) -> Cell:
    if figure.value is None:
        return Cell(NOTHING)
    if figure.low is None or figure.high is None:
        return Cell(write(figure.value))
    return Cell(write(figure.value), f"{write(figure.low)} to {write(figure.high)}")
