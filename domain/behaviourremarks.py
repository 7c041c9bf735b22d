"""What weakens the figures of a sweep's analyses, in words by stated rules."""

from collections.abc import Iterator, Sequence

from domain.analyses import AnalysisSettings
from domain.armbehaviours import ArmFigures
from domain.behaviours import FEW_PROBLEMS, MANY_TRUNCATED, remark_temperature
from domain.conclusions import count, named

RARE_IS_WORDING = (
    "A rare sentence is worded unlike the untrained model's on the same problems; that need not be "
    "a new way of solving them."
)


def list_remarks(settings: AnalysisSettings, arms: Sequence[ArmFigures]) -> Iterator[str]:
    problems = min((arm.problems for arm in arms), default=FEW_PROBLEMS)
    if problems < FEW_PROBLEMS:
        yield (
            f"{count(problems, 'problem')} are few: with under {FEW_PROBLEMS}, intervals of 95 % "
            "hold somewhat less often."
        )
    alone = {arm.arm: None for arm in arms if arm.step and len(arm.seeds) == 1}
    if alone:
        yield f"{named(list(alone))}: 1 seed, so that training noise is not in the intervals."
    cut = {arm.arm: None for arm in arms if arm.truncated > MANY_TRUNCATED}
    if cut:
        yield (
            f"{named(list(cut))}: over {100 * MANY_TRUNCATED:.0f} % of the traces ran into the "
            "token limit; tenths of a trace are tenths of what was written until then."
        )
    yield from remark_temperature(settings.probe)
    if settings.rare and arms:
        yield RARE_IS_WORDING
