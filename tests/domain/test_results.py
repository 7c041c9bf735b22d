"""What may be compared at all: results of runs that were evaluated alike."""

import pytest

from domain.errors import Conflict
from domain.results import require_alike


def test_unlike_is_not_compared_and_the_fields_are_named() -> None:
    one = {"task_version": "1-aa", "eval.samples": 64, "eval.temperature": 1.0}
    with pytest.raises(Conflict, match=r"differ in task_version \(1-aa and 2-bb\), eval.samples"):
        require_alike([one, one | {"task_version": "2-bb", "eval.samples": 8}])


def test_like_is_compared() -> None:
    require_alike([{"task_version": "1"}, {"task_version": "1"}])
