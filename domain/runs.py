"""One run: all that determines its result, and the hash that makes equal runs one run."""

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from domain.analyses import AnalysisSettings
from domain.methods import Base, Method
from domain.schemas import Strict

HASH_VERSION = 1
RECIPE_VERSION = 2
"""Raised whenever the trainer would make something else of the same spec, by our code or by that of
a library we depend on: sampling, evaluation batches, loss, scheduler, shaping."""

ANALYSIS_VERSION = 2
"""The same for analyses alone: raised whenever of the same weights something else would be told."""

MAX_SEED = 2**31 - 1

Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Replica = Annotated[int, Field(ge=0, le=1000)]
Tokens = Annotated[int, Field(ge=1, le=131_072)]
Parameter = bool | int | float | str | list[bool | int | float | str] | None


class TaskSettings(Strict):
    """How a task's problems are made, and how they are put to the model.

    `parameters` are those of a generated family. `shots` solved examples come before each question.
    `style` is the tokenizer's chat template or plain text: auto takes the template where there is
    one. `instruction` replaces the task's own words on how to answer. `template` words a question
    with `{question}` or what its family says of it, as in `{expression} =`. With `stop: line` a
    completion ends with its first line.
    """

    parameters: Annotated[dict[str, Parameter], Field(max_length=50)] = Field(default_factory=dict)
    shots: Annotated[int, Field(ge=0, le=16)] = 0
    style: Literal["auto", "chat", "plain"] = "auto"
    instruction: Annotated[str, Field(max_length=4000)] | None = None
    template: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    stop: Literal["end", "line"] = "end"


class ModelSettings(Strict):
    """How a model computes. `auto` is bfloat16 on a GPU that is fast at it, else float32.

    `attention` names an implementation of transformers; auto takes its choice.
    """

    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    attention: Literal["auto", "eager", "sdpa", "flash_attention_2"] = "auto"


class TrainSettings(Strict):
    """How an arm trains. One step is one optimiser update on prompts_per_step groups.

    A rollout phase samples prompts_per_step * updates_per_rollout prompts and serves
    updates_per_rollout optimiser updates; above 1, ratios leave 1 and clipping matters.

    `estimator` says where advantages come from: a prompt's group of completions (GRPO), or a critic
    by generalised advantage estimation (PPO). The critic is a `model` of its own or a `head` on the
    policy's trunk, and for its first steps learns alone. Whitened advantages have mean 0 and
    deviation 1 over the tokens of a rollout. To a group these mean nothing, nor `scale_rewards` to
    a critic. A `lora_rank` of 0 trains all weights. `sequences_per_pass` bounds the memory: a step
    of more is accumulated. `devices` is the number of processes, each on a device of its own.
    The weights of each step that `keep_every` divides are kept, to be analysed; those of the last
    step are kept in any case.
    """

    steps: Annotated[int, Field(ge=1, le=1_000_000)] = 100
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 1e-6
    prompts_per_step: Annotated[int, Field(ge=1, le=65_536)] = 32
    completions_per_prompt: Annotated[int, Field(ge=2, le=4096)] = 8
    updates_per_rollout: Annotated[int, Field(ge=1, le=256)] = 1
    max_completion_tokens: Tokens | None = None
    temperature: Annotated[float, Field(gt=0, le=10)] = 1.0
    clip_low: Annotated[float, Field(gt=0, lt=1)] = 0.2
    clip_high: Annotated[float, Field(gt=0, le=10)] = 0.28
    loss_type: Literal["dapo", "grpo", "dr_grpo", "bnpo", "cispo"] = "dapo"
    scale_rewards: Literal["group", "batch", "none"] = "group"
    ratio_level: Literal["token", "sequence"] = "token"
    kl_coef: Annotated[float, Field(ge=0, le=100)] = 0.0
    max_grad_norm: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    warmup_steps: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    wrong_reward: Annotated[float, Field(ge=-1000, lt=1)] = 0.0
    estimator: Literal["group", "gae"] = "group"
    critic: Literal["head", "model"] = "model"
    critic_learning_rate: Annotated[float, Field(gt=0, le=1)] = 2e-6
    critic_warmup_steps: Annotated[int, Field(ge=0, le=1_000_000)] = 10
    gae_lambda: Annotated[float, Field(ge=0, le=1)] = 1.0
    gamma: Annotated[float, Field(ge=0, le=1)] = 1.0
    whiten_advantages: bool = True
    lora_rank: Annotated[int, Field(ge=0, le=1024)] = 0
    lora_alpha: Annotated[float, Field(gt=0, le=1e6)] = 32.0
    sequences_per_pass: Annotated[int, Field(ge=1, le=65_536)] = 1024
    gradient_checkpointing: bool = False
    generation: Literal["transformers", "vllm"] = "transformers"
    devices: Annotated[int, Field(ge=1, le=64)] = 1
    keep_every: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class EvalSettings(Strict):
    """How every arm is evaluated: `samples` completions for each of `problems` problems.

    `seed` fixes the sampling noise and is the same for every run, whatever its training seed.
    `every` also evaluates each that many steps; the last step is always evaluated.
    """

    problems: Annotated[int, Field(ge=1, le=100_000)] = 256
    samples: Annotated[int, Field(ge=1, le=4096)] = 64
    split: Literal["eval", "held_out"] = "eval"
    temperature: Annotated[float, Field(gt=0, le=10)] = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    max_completion_tokens: Tokens | None = None
    seed: Seed = 0
    every: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class RunSpec(Strict):
    """A run as the trainer receives it. `train` is None for the base model: evaluate only.

    With `analysis` nothing is trained or evaluated: the weights that the rest leads to are looked
    at, as they are after the analysis' step.
    """

    model: str
    model_version: str
    task: str
    task_version: str
    method: Method
    train: TrainSettings | None
    eval: EvalSettings
    seed: Seed
    replica: Replica = 0
    task_settings: TaskSettings = TaskSettings()
    model_settings: ModelSettings = ModelSettings()
    analysis: AnalysisSettings | None = None

    @property
    def total_steps(self) -> int:
        """The optimiser steps it takes: none to analyse what others took."""
        return self.train.steps if self.train and not self.analysis else 0

    @property
    def devices(self) -> int:
        """How many it runs on at once."""
        return self.train.devices if self.train and not self.analysis else 1

    @property
    def subject(self) -> "RunSpec":
        """Of an analysis, the run whose weights it looks at."""
        return self.model_copy(update={"analysis": None})

    @property
    def training_seed(self) -> int:
        """What the trainer's random numbers start from: the seed itself, or a replica's own."""
        if not self.replica:
            return self.seed
        text = f"{self.seed}, replica {self.replica}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) & MAX_SEED


LATER = ("replica", "task_settings", "model_settings", "analysis")
LATER_TRAIN = (
    "wrong_reward",
    "estimator",
    "critic",
    "critic_learning_rate",
    "critic_warmup_steps",
    "gae_lambda",
    "gamma",
    "whiten_advantages",
    "lora_rank",
    "lora_alpha",
    "sequences_per_pass",
    "gradient_checkpointing",
    "generation",
    "devices",
    "keep_every",
)
"""Fields that came after the first results: at their defaults a run keeps the hash it had."""


def content_hash(spec: RunSpec) -> str:
    """SHA-256 (hex) of everything that determines the run's result."""
    return hashlib.sha256(json.dumps(determinants(spec), sort_keys=True).encode()).hexdigest()


def determinants(spec: RunSpec) -> dict[str, Any]:
    """All that a run says, and the versions of what is made of it."""
    versions = {"hash": HASH_VERSION, "recipe": RECIPE_VERSION}
    if spec.analysis:
        versions["told"] = ANALYSIS_VERSION
    return {**versions, **written(spec)}


def written(spec: RunSpec) -> dict[str, Any]:
    """As it is stored: a worker from before a field can read every run that does not use it."""
    own = dump_without(spec, LATER)
    if spec.train:
        own["train"] = dump_without(spec.train, LATER_TRAIN)
    return own


def analysis_of(spec: RunSpec, settings: AnalysisSettings) -> RunSpec:
    """The analysis of a run's weights: of the untrained ones, the same whatever was to be trained.

    It evaluates nothing, but which run it is of has to stay: the folder of its weights follows.
    """
    if settings.step:
        return spec.model_copy(update={"analysis": settings})
    untrained = {
        "method": Base(method="base"),
        "train": None,
        "eval": EvalSettings(problems=1, samples=1),
        "seed": 0,
        "replica": 0,
    }
    return spec.model_copy(update={**untrained, "analysis": settings})


def dump_without(settings: BaseModel, names: Iterable[str]) -> dict[str, Any]:
    """As JSON, without those of the named fields that have their defaults."""
    fields = type(settings).model_fields
    unsaid = {name for name in names if getattr(settings, name) == fields[name].default}
    return settings.model_dump(mode="json", exclude=unsaid)
