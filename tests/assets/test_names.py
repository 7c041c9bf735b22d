"""What a sweep names is a name: no path and no address leads out of the roots."""

from pathlib import Path

import pytest

from assets.cards import Roots
from domain.errors import Invalid
from domain.runs import TaskSettings

NAMES = [
    "..",
    "./../maths",
    "./a/../../maths",
    "./a\\..\\maths",
    "/etc",
    "~/maths",
    "./\x00",
    "./.hidden",
    "file:///etc/passwd",
    "https://example.org/maths",
    "./\ud800",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", ["model", "task"])
def test_a_path_or_an_address_is_no_name(tmp_path: Path, field: str, name: str) -> None:
    roots = Roots(tmp_path / "root" / "models", tmp_path / "root" / "datasets")
    for place in (roots.models, roots.datasets, tmp_path / "maths", tmp_path / "root" / "maths"):
        place.mkdir(parents=True)
        (place / "train.jsonl").write_text('{"question": "1 + 1?", "answer": "#### 2"}\n' * 20)
    named = {"model": "countdown-tiny", "task": "countdown", field: name}
    with pytest.raises(Invalid, match=f"no {field} named") as refused:
        roots.find(named["model"], named["task"], TaskSettings())
    assert refused.value.errors[0].field == field
