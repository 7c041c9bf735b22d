"""The weights a run had after a step: those of a checkpoint, or a slim copy kept to be analysed.

A slim copy is published like a checkpoint (trainer/checkpoints.py), without what only training
needs; nobody goes on from it, and no checkpoint that is pruned takes it along.
"""

import logging
import shutil
from pathlib import Path
from typing import cast

import torch
from peft import PeftModel
from pydantic import ValidationError
from transformers import PreTrainedModel

from assets.hashes import digest
from domain.runs import RunSpec, content_hash
from trainer.checkpoints import MANIFEST, CheckpointStore, Manifest
from trainer.failures import BadData
from trainer.models import load_weights
from trainer.trainers import UNSAVED

logger = logging.getLogger(__name__)

NEEDED = (".safetensors", ".json")


def keep_weights(store: CheckpointStore, model: PreTrainedModel, step: int, seconds: float) -> bool:
    """Whether a slim copy of `step` is there now; a full disk costs the copy, not the run."""
    made = store.draft / f"weights-{step}"
    try:
        model.save_pretrained(made)
        store.publish(made, step, 0, seconds, name="weights")
    except UNSAVED as error:
        logger.warning("the weights of step %d were not kept: %s", step, error)
        shutil.rmtree(made, ignore_errors=True)
        return False
    return True


def find_weights(root: Path | None, subject: RunSpec, step: int) -> Path:
    """The folder with the weights of `step`. Raises BadData with what can be done about it."""
    if root is None:
        raise BadData("this trainer was not told where the run's weights are (--weights)")
    for name in (f"weights-{step}", f"step-{step}"):
        folder = root / name
        try:
            manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        except (OSError, ValidationError):
            continue
        verify(folder, manifest, subject)
        return folder
    raise BadData(
        f"no weights of step {step} in {root}: another machine may have them, whose workers share "
        "no FORKPOINT_CHECKPOINTS with this one, or they were removed"
    )


def verify(folder: Path, manifest: Manifest, subject: RunSpec) -> None:
    """Raises BadData for weights of another run, and for files that are not as published."""
    if manifest.content_hash != content_hash(subject):
        raise BadData(f"{folder} is of another run")
    for name, wanted in manifest.files.items():
        try:
            if name.endswith(NEEDED) and digest(folder / name) != wanted:
                raise BadData(f"{folder / name} was changed or is torn")
        except OSError as error:
            raise BadData(f"{folder / name} cannot be read: {error}") from error


def put_weights(
    model: PreTrainedModel, subject: RunSpec, folder: Path, dtype: torch.dtype
) -> PreTrainedModel:
    """The model as it was after those steps; the given one is used up, since memory may not hold
    two. Adapters stay beside its weights, whose dtype may be too coarse for what they add. Raises
    BadData."""
    device = model.device
    if subject.train and subject.train.lora_rank:
        try:
            adapted = PeftModel.from_pretrained(model, str(folder), is_trainable=False)
        except (OSError, ValueError) as error:
            raise BadData(f"{folder} cannot be loaded: {error}") from error
        return cast(PreTrainedModel, adapted.get_base_model())
    model.to(torch.device("meta"))  # type: ignore[arg-type]  # as below: it lets go of its weights
    loaded = load_weights(folder, subject, dtype)
    loaded.to(device)  # type: ignore[arg-type]  # transformers types it for itself alone
    return loaded
