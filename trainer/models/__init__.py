"""The models a run can start from, by name."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from assets.models import BrokenModel, relevant_files
from domain.catalogue import FOLDER, HUB_MODEL, find_model
from domain.runs import RunSpec
from trainer.failures import BadData
from trainer.models import hub, smollm2

HERE = Path(__file__).parent
FOLDERS = {"countdown-tiny": HERE / "countdown_tiny"}


def load_model(
    spec: RunSpec, root: Path, dtype: torch.dtype = torch.float32
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model with weights of `dtype`, and its tokenizer, padded on the left for generation.

    Code that comes with a model is never run, and no pickle is read. Raises Invalid for a name
    nobody knows, BadData where its files are missing, broken or beyond this version of
    transformers.
    """
    folder = find_folder(spec.model, root)
    with as_bad_data(spec.model):
        relevant_files(folder)
    model = load_weights(folder, spec, dtype)
    with as_bad_data(spec.model):
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    return model, prepare_tokenizer(tokenizer, spec.model)


def load_weights(folder: Path, spec: RunSpec, dtype: torch.dtype) -> PreTrainedModel:
    """A model of the spec's kind with the weights of a folder. Raises BadData."""
    attention = spec.model_settings.attention
    with as_bad_data(spec.model):
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=dtype,
            attn_implementation=None if attention == "auto" else attention,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    model, report = loaded
    refuse_gaps(spec.model, report["missing_keys"])
    found: PreTrainedModel = model
    return found


@contextmanager
def as_bad_data(name: str) -> Iterator[None]:
    try:
        yield
    except (BrokenModel, OSError, ValueError, ImportError) as error:
        raise BadData(f"{name} cannot be loaded: {error}") from error


def refuse_gaps(name: str, missing: Collection[str]) -> None:
    """Raises BadData: transformers would make up what is missing, at random and anew each time."""
    if missing:
        raise BadData(
            f"{name} has no weights for {min(missing)} ({len(missing)} missing in all); save the "
            "whole causal language model with save_pretrained"
        )


def find_folder(name: str, root: Path) -> Path:
    """A folder's version was compared before, and a hub model's is its commit.

    What ships is taken as it was installed or unpacked; of the latter the sizes are compared.
    """
    if found := HUB_MODEL.fullmatch(name):
        return hub.fetch(found[1], found[2])
    if FOLDER.fullmatch(name):
        return root / name
    name = find_model(name).name
    return smollm2.prepare(root) if name == smollm2.NAME else FOLDERS[name]


def prepare_tokenizer(tokenizer: PreTrainedTokenizerBase, name: str) -> PreTrainedTokenizerBase:
    """Raises BadData for one without an end: no completion would be whole."""
    if tokenizer.eos_token_id is None:
        raise BadData(f"{name} has no end-of-sequence token; name one in its tokenizer_config.json")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "left"
    return tokenizer
