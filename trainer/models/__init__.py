"""The models a run can start from, by name."""

from pathlib import Path

from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from domain.catalogue import find_model
from domain.runs import RunSpec
from trainer.failures import BadData
from trainer.models import smollm2

FOLDER = Path(__file__).parent
FOLDERS = {"countdown-tiny": FOLDER / "countdown_tiny"}


def load_model(spec: RunSpec, root: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The model in float32 with its tokenizer, padded on the left for generation.

    Raises Invalid for a name the catalogue does not know, BadData where its files are missing.
    """
    folder = find_folder(spec.model, root)
    if not (folder / "model.safetensors").is_file():
        raise BadData(f"the weights of {spec.model} are missing: no model.safetensors in {folder}")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32", local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    tokenizer.padding_side = "left"
    return model, tokenizer


def find_folder(name: str, root: Path) -> Path:
    name = find_model(name).name
    return smollm2.prepare(root) if name == smollm2.NAME else FOLDERS[name]
