"""The sweeps that ship can be submitted as they are."""

from pathlib import Path

import pytest

from api.decoding import decode_yaml
from domain.sweeps import expand, parse_sweep

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_expands(path: Path) -> None:
    assert expand(parse_sweep(decode_yaml(path.read_bytes()))).runs
