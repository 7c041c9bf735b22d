"""The audit of what we install: a finding fails unless it is allowed, and only until its date."""

import importlib.util
from datetime import date
from pathlib import Path

SOURCE = Path(__file__).parent.parent / ".ci" / "audit.py"
SPEC = importlib.util.spec_from_file_location("audit", SOURCE)
assert SPEC
assert SPEC.loader
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)

TODAY = date(2026, 6, 1)
FINDING = audit.Finding("left-pad", "GHSA-1")
ENTRY = {"package": "left-pad", "id": "GHSA-1", "reason": "not called", "until": TODAY}


def test_a_finding_fails() -> None:
    assert audit.judge([FINDING], [], TODAY) == ["left-pad: GHSA-1 is a known vulnerability"]


def test_an_allowed_finding_passes_until_its_date() -> None:
    assert audit.judge([FINDING], [ENTRY], TODAY) == []
    assert "was allowed until" in audit.judge([FINDING], [ENTRY], date(2026, 6, 2))[0]


def test_what_is_allowed_of_one_package_is_not_of_another() -> None:
    assert audit.judge([FINDING], [ENTRY | {"package": "other"}], TODAY)


def test_every_entry_says_what_why_and_until_when() -> None:
    allowed = audit.tomllib.loads(audit.ALLOWED.read_text()).get("allowed", [])
    for entry in allowed:
        assert set(entry) == set(ENTRY)
        assert isinstance(entry["until"], date)
