"""Finds a Chromium for the tests, or gets one: `python tests/e2e/browser.py` prints its path.

An installed one, else Playwright's own download, else Debian's package when root. If none can be
had it fails, and so do the tests: they never skip in silence.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def downloaded() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    return installed() or downloaded()


def get() -> str:
    """A Chromium that starts. Raises RuntimeError saying what was tried."""
    if found := find():
        return found
    for attempt in (download, install_package):
        if (path := attempt()) and starts(path):
            return path
    raise RuntimeError(
        "The tests need Chromium: none is installed, Playwright could not download one, and "
        "Debian's package could not be installed. Install chromium, then try again."
    )


def download() -> str | None:
    run([sys.executable, "-m", "playwright", "install", "chromium"])
    return downloaded()


def install_package() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        run(["apt-get", "update", "-q"])
        run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
    return installed()


def starts(path: str) -> bool:
    return run([path, "--headless", *FLAGS, "--dump-dom", "about:blank"], seconds=60)


def run(command: list[str], seconds: float = 900) -> bool:
    try:
        done = subprocess.run(command, stdout=sys.stderr, check=False, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        print(get())  # noqa: T201
    except RuntimeError as error:
        sys.exit(str(error))
