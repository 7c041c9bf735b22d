"""Rare sentences: planted ones are found, and the untrained model is set against itself fairly."""

from pathlib import Path

import numpy as np
import pytest
import torch

from assets.cards import Roots
from domain.analyses import RareSettings
from domain.lexicons import LEXICONS
from domain.marks import marker_of
from domain.tallies import Trace
from trainer.embedding import find_nearest, find_nearest_elsewhere
from trainer.failures import BadData
from trainer.rarities import Rarities, Sentences, find_rarities

CPU = torch.device("cpu")
ORDINARY = ["She has three apples.", "She has four pears.", "He buys two apples.", "It costs $3."]
PLANTED = "Quantum chromodynamics forbids purple elephants."
SETTINGS = RareSettings(neighbours=3)


def trace(*sentences: str, entropy: float = 0.5) -> Trace:
    tokens = [f" {word}" for sentence in sentences for word in sentence.split()]
    marks = marker_of(LEXICONS["english-1"]).mark(tokens)
    return Trace(tokens, [entropy] * len(tokens), marks, correct=True, truncated=False)


def rarities(ours: list[list[Trace]], base: list[list[Trace]] | None = None) -> Rarities:
    theirs = Sentences.of(base) if base else None
    found = find_rarities(Sentences.of(ours), theirs, SETTINGS, Path("models"), CPU)
    assert found is not None
    return found


def test_a_planted_sentence_is_the_rarest_and_lies_beyond_the_untrained_models_own() -> None:
    base = [[trace(*ORDINARY), trace(*reversed(ORDINARY))] for _ in range(3)]
    found = rarities([[trace(*ORDINARY)], [trace(*ORDINARY, PLANTED)], [trace(*ORDINARY)]], base)
    listed = found.list_rarest(10)
    assert listed.shown[0].text == PLANTED
    assert (listed.shown[0].problem, listed.shown[0].trace) == (1, 0)
    assert len(listed.shown[0].nearest) == 3
    assert all(near.text in ORDINARY for near in listed.shown[0].nearest)
    assert [tally.beyond for tally in found.tally(3)] == [0, 1, 0]


def test_a_sentence_that_the_untrained_model_writes_too_lies_at_no_distance() -> None:
    base = [[trace(*ORDINARY)] for _ in range(4)]
    found = rarities([[trace(*ORDINARY)]], base)
    np.testing.assert_allclose(found.distances, 0, atol=1e-3)
    assert found.list_rarest(10).shown == [], "and none of them is rare"


def test_the_untrained_model_is_compared_with_other_traces_only() -> None:
    found = rarities([[trace(PLANTED, PLANTED)], [trace(*ORDINARY)], [trace(*ORDINARY)]])
    assert found.distances[0] > 0.5, "its twin in the same trace does not count"


def test_traces_that_training_left_as_they_were_are_as_rare_as_before() -> None:
    """They were drawn with the same random numbers: that the untrained model wrote them too says
    nothing of what it usually writes."""
    strange = ["It rains in Spain.", "Cats sleep all day.", "He went by train."]
    probe = [[trace(*ORDINARY, own), trace(*ORDINARY)] for own in strange]
    untrained, trained = rarities(probe), rarities(probe, probe)
    np.testing.assert_array_equal(trained.distances, untrained.distances)
    assert trained.threshold == untrained.threshold
    assert list(trained.tally(3)) == list(untrained.tally(3))


def test_the_nearest_are_those_that_comparing_every_pair_finds() -> None:
    generator = np.random.default_rng(0)
    points = generator.normal(size=(60, 8)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    exact = np.sort(1 - points @ points.T, axis=1)[:, 1:6]
    alone = list(range(60))
    found = find_nearest_elsewhere(points, alone, points, alone, 5)
    np.testing.assert_allclose(found.distances, exact, atol=1e-5)
    own = [place // 2 for place in range(60)]
    apart = find_nearest_elsewhere(points, own, points, own, 5)
    assert all(own[row] != own[place] for row in range(60) for place in apart.places[row])


def test_of_fewer_sentences_than_neighbours_all_count() -> None:
    points = np.eye(3, dtype=np.float32)
    assert find_nearest(points, points[:2], 5).distances.shape == (3, 2)


def test_a_folder_outside_the_models_root_is_no_embedder(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "link").symlink_to(tmp_path)
    (tmp_path / "modules.json").write_text("[]")
    settings = RareSettings(embedder="./link")
    roots = Roots.of(tmp_path)
    ours = Sentences.of([[trace(*ORDINARY)], [trace(*ORDINARY)]])
    with pytest.raises(BadData, match="no sentence-transformers folder"):
        find_rarities(ours, None, settings, roots.models, CPU)
