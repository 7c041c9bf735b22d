"""What of an attempt stays on the disk once it has ended."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from domain.lifecycle import FailureClass
from tests.workers.conftest import Service
from tests.workers.test_trainers import make_claim, make_settings
from workers.folders import DAY_SECONDS, find_folder, tidy
from workers.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(data=tmp_path, keep_failed_days=2)


def make_folder(settings: Settings, attempt: int, days: float = 0.0) -> Path:
    """As a trainer leaves it that said its last word so many days ago."""
    folder = find_folder(settings, replace(make_claim(), attempt=attempt))
    folder.mkdir(parents=True)
    for path in (folder / "events.jsonl", folder / "log.txt"):
        path.touch()
    ago = time.time() - days * DAY_SECONDS
    for path in (folder / "events.jsonl", folder):
        os.utime(path, (ago, ago))
    os.utime(folder / "log.txt", (ago - DAY_SECONDS, ago - DAY_SECONDS))
    return folder


def test_a_finished_run_leaves_no_folder(service: Service) -> None:
    service.start("dispatcher")
    service.start_worker(steps=1)
    [run_id] = service.submit()
    service.wait_for_status(run_id, "succeeded")
    service.wait_for(lambda: not list((service.data / "runs").iterdir()))


@pytest.mark.parametrize(
    ("failure", "stays"),
    [
        (None, False),
        (FailureClass.DISK, False),
        (FailureClass.CRASHED, True),
        (FailureClass.USER_ERROR, True),
    ],
)
def test_what_a_failed_attempt_said_stays_unless_the_disk_was_full(
    settings: Settings, failure: FailureClass | None, stays: bool
) -> None:
    folder = make_folder(settings, attempt=1)
    tidy(settings, folder, failure)
    assert folder.exists() == stays


def test_a_failed_attempt_goes_after_some_days_and_one_under_way_never(settings: Settings) -> None:
    old, recent = make_folder(settings, 1, days=2.1), make_folder(settings, 2, days=1.9)
    under_way, ended = make_folder(settings, 3, days=0.01), make_folder(settings, 4)
    tidy(settings, ended, failure=None)
    assert [path.exists() for path in (old, recent, under_way, ended)] == [False, True, True, False]


def test_a_run_whose_last_attempt_goes_has_no_folder_either(settings: Settings) -> None:
    folder = make_folder(settings, attempt=1)
    tidy(settings, folder, failure=None)
    assert not folder.parent.exists()
    tidy(settings, folder, failure=None)
