"""Which schemas a worker can work with."""

import pytest

from db.readiness import expected_revision, is_outdated


@pytest.mark.parametrize("revision", [None, "0001", "0005"])
def test_a_schema_before_the_one_expected_lacks_what_is_needed(revision: str | None) -> None:
    assert is_outdated(revision)


def test_the_schema_expected_and_one_that_is_unknown_here_have_it() -> None:
    assert not is_outdated(expected_revision())
    assert not is_outdated("9999")
