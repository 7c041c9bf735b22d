"""What weakens the figures of a sweep's analyses, in words by stated rules."""

from collections.abc import Iterator, Sequence

from domain.analyses import AnalysisSettings
from domain.armbehaviours import ArmFigures
from domain.behaviours import FEW_PROBLEMS, MANY_TRUNCATED, remark_temperature
from domain.collapses import Collapse
from domain.conclusions import count, named

RARE_IS_WORDING = (
    "A rare sentence is worded unlike the untrained model's on the same problems; that need not be "
    "a new way of solving them."
)


AT_CEILING = 0.99  # of log N


def list_remarks(
    settings: AnalysisSettings, arms: Sequence[ArmFigures], collapses: Sequence[Collapse] = ()
) -> Iterator[str]:
    problems = min((arm.problems for arm in arms), default=FEW_PROBLEMS)
    if problems < FEW_PROBLEMS:
        yield (
            f"{count(problems, 'problem')} are few: with under {FEW_PROBLEMS}, intervals "
            "of 95\u00a0% hold somewhat less often."
        )
    alone = {arm.arm: None for arm in arms if arm.step and len(arm.seeds) == 1}
    if alone:
        yield f"{named(list(alone))}: 1 seed, so that training noise is not in the intervals."
    cut = {arm.arm: None for arm in arms if arm.truncated > MANY_TRUNCATED}
    if cut:
        yield (
            f"{named(list(cut))}: over {100 * MANY_TRUNCATED:.0f}\u00a0% of the traces ran into "
            "the token limit; tenths of a trace are tenths of what was written until then."
        )
    yield from remark_temperature(settings.probe)
    if collapses and all(map(is_at_ceiling, collapses)):
        yield (
            "Nearly every trace is likeliest under its own prompt, so that I(X;Z) is at its "
            "ceiling, the log of the number of prompts, in every run: that it depends on the "
            "prompt is clear, how runs differ in it is not."
        )
    if settings.rare and arms:
        yield RARE_IS_WORDING


def is_at_ceiling(collapse: Collapse) -> bool:
    mutual = collapse.sequence.mutual.value
    return mutual is not None and mutual >= AT_CEILING * collapse.most
