"""What many runs are in one word."""

import pytest

from domain.lifecycle import RunStatus, overall


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        (["queued"], "queued"),
        (["queued", "succeeded"], "running"),
        (["queued", "running"], "running"),
        (["running", "failed"], "running"),
        (["cancelling", "succeeded"], "cancelling"),
        (["cancelling", "running"], "running"),
        (["succeeded"], "succeeded"),
        (["succeeded", "cancelled"], "cancelled"),
        (["succeeded", "cancelled", "failed"], "failed"),
    ],
)
def test_what_moves_comes_first_then_the_worst_end(statuses: list[str], word: str) -> None:
    assert overall([RunStatus(status) for status in statuses]) == word
