"""What a behaviour analysis looks at: its settings, with their bounds.

An analysis is a run of its own (`RunSpec.analysis`): so it is queued, shared, resumed, cancelled
and repeated like any other. docs/behaviour.md says what its figures mean.
"""

import hashlib
from typing import Annotated, Literal

from pydantic import Field

from domain.lexicons import LEXICONS, Lexicon
from domain.schemas import Strict

EMBEDDER = "all-minilm-l6-v2"


class ProbeSettings(Strict):
    """The traces that are looked at: `traces` for each of the first `problems` of a split.

    They are drawn at `temperature` from the whole vocabulary, and entropies (in nats) are those of
    the distribution they are drawn from. `seed` is the same for every checkpoint of every run.
    """

    split: Literal["eval", "held_out"] = "eval"
    problems: Annotated[int, Field(ge=2, le=10_000)] = 64
    traces: Annotated[int, Field(ge=1, le=256)] = 4
    max_completion_tokens: Annotated[int, Field(ge=1, le=131_072)] | None = None
    temperature: Annotated[float, Field(gt=0, le=10)] = 1.0
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class RareSettings(Strict):
    """Sentences are compared with the untrained model's on the same problems.

    A sentence's distance is the mean over its `neighbours` nearest; the `share` of the largest is
    rare. `embedder` is one that ships, `owner/name@commit` of the hub, or ./folder below the models
    root, of sentence-transformers; where it is asked for, a folder's name is given the version of
    its files, ./folder@version. `shown` sentences are kept to read.
    """

    neighbours: Annotated[int, Field(ge=1, le=100)] = 5
    share: Annotated[float, Field(gt=0, le=0.5)] = 0.1
    embedder: Annotated[str, Field(min_length=1, max_length=300)] = EMBEDDER
    shown: Annotated[int, Field(ge=0, le=500)] = 50


class CollapseSettings(Strict):
    """How far traces depend on their prompts: `traces` of each of `problems` are scored under the
    prompts of all of them, which takes problems x problems x traces forward passes."""

    problems: Annotated[int, Field(ge=2, le=512)] = 16
    traces: Annotated[int, Field(ge=1, le=64)] = 2


class AnalysisSettings(Strict):
    """A behaviour analysis of a run's weights at `step`; step 0 is the untrained model.

    Without `rare` no sentence is embedded, without `collapse` no trace is scored. `shown` traces
    are kept token by token.
    """

    step: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    probe: ProbeSettings = ProbeSettings()
    lexicon: Lexicon = LEXICONS["english-1"]
    rare: RareSettings | None = RareSettings()
    collapse: CollapseSettings | None = CollapseSettings()
    shown: Annotated[int, Field(ge=0, le=512)] = 16


def inquiry_key(settings: AnalysisSettings) -> str:
    """A short name for what is asked, the same after whichever step: only like is compared."""
    asked = settings.model_copy(update={"step": 0}).model_dump_json()
    return hashlib.sha256(asked.encode()).hexdigest()[:12]
