"""Models of the Hugging Face hub, fetched once into its cache at the commit that a sweep names."""

from collections.abc import Sequence
from pathlib import Path

from httpx2 import HTTPError
from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from trainer.failures import BadData

WANTED = ["*.json", "*.safetensors", "*.jinja", "merges.txt", "vocab.txt", "tokenizer.model"]
UNWANTED = ["*/*", "consolidated*"]
OFFLINE = (
    "and it is not in the cache. Fetch it where the hub can be reached with `hf download {name} "
    "--revision {commit}` into the worker's HF_HOME, or copy the model's folder below the models "
    "root and name it ./folder"
)


def fetch(
    name: str, commit: str, wanted: Sequence[str] = WANTED, unwanted: Sequence[str] = UNWANTED
) -> Path:
    """The folder of `owner/name` at `commit`, without code and without pickles. Raises BadData."""
    try:
        found = snapshot_download(
            name, revision=commit, allow_patterns=[*wanted], ignore_patterns=[*unwanted]
        )
    except GatedRepoError:
        raise BadData(
            f"{name} is gated: accept its terms on the hub, and give the workers a token (HF_TOKEN)"
        ) from None
    except RevisionNotFoundError:
        raise BadData(f"{name} has no commit {commit}; copy it from the model's page") from None
    except RepositoryNotFoundError:
        raise BadData(
            f"the hub has no model {name}, or it is private: check the name, and if it is yours "
            "give the workers a token (HF_TOKEN)"
        ) from None
    except (HTTPError, OSError) as error:
        cause = error.__cause__ or error
        remedy = OFFLINE.format(name=name, commit=commit)
        raise BadData(f"the hub does not give {name} ({cause}), {remedy}") from None
    return Path(found)
