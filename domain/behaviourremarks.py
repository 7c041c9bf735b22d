"""What weakens the figures of a sweep's analyses, in words by stated rules."""

from collections.abc import Iterator, Sequence

from domain.analyses import AnalysisSettings
from domain.armbehaviours import ArmFigures
from domain.behaviours import FEW_PROBLEMS, MANY_TRUNCATED
from domain.conclusions import count

NAMED_ARMS = 5
RARE_IS_WORDING = (
    "A rare sentence is worded unlike the untrained model's on the same problems; that need not be "
    "a new way of solving them."
)


def list_remarks(settings: AnalysisSettings, arms: Sequence[ArmFigures]) -> Iterator[str]:
    problems = min((arm.problems for arm in arms), default=FEW_PROBLEMS)
    if problems < FEW_PROBLEMS:
        yield (
            f"{count(problems, 'problem')} is few: with under {FEW_PROBLEMS}, intervals of 95 % "
            "hold somewhat less often."
        )
    alone = {arm.arm: None for arm in arms if arm.step and len(arm.seeds) == 1}
    if alone:
        yield f"{name(list(alone))}: 1 seed, so that training noise is not in the intervals."
    cut = {arm.arm: None for arm in arms if arm.truncated > MANY_TRUNCATED}
    if cut:
        yield (
            f"{name(list(cut))}: over {100 * MANY_TRUNCATED:.0f} % of the traces ran into the "
            "token limit; tenths of a trace are tenths of what was written until then."
        )
    if settings.probe.temperature != 1:
        yield (
            f"Entropies are of the distribution at temperature {settings.probe.temperature:g}, "
            "which traces were drawn from."
        )
    if settings.rare and arms:
        yield RARE_IS_WORDING


def name(arms: Sequence[str]) -> str:
    more = len(arms) - NAMED_ARMS
    return ", ".join(arms[:NAMED_ARMS]) + (f" and {more} more" if more > 0 else "")
