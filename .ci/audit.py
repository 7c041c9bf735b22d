"""Fails on known vulnerabilities of what we install: `.venv/bin/python .ci/audit.py`.

Where the services that know them cannot be reached, it says so, loudly, and does not fail: a
machine without the internet must still build.
"""

import json
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = ROOT / ".ci" / "allowed-vulnerabilities.toml"
PIP = ["--disable-pip", "--no-deps", "-r", "constraints.txt", "-f", "json"]
SECONDS = 120


class Finding(NamedTuple):
    package: str
    id: str


class NotChecked(Exception):
    pass


def main() -> int:
    found: list[Finding] = []
    for name, audit in (("Python packages", audit_python), ("the page's packages", audit_page)):
        try:
            found += audit()
        except NotChecked as error:
            print(f"*** NOT CHECKED for vulnerabilities: {name}: {error}", file=sys.stderr)  # noqa: T201
    allowed = tomllib.loads(ALLOWED.read_text()).get("allowed", [])
    problems = judge(found, allowed, datetime.now(UTC).date())
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")  # noqa: T201
    return bool(problems)


def judge(found: list[Finding], allowed: list[dict[str, Any]], today: date) -> list[str]:
    """What is neither mended nor allowed, and what was allowed for a time that is over."""
    known = {Finding(entry["package"], entry["id"]) for entry in allowed}
    new = [f"{one.package}: {one.id} is a known vulnerability" for one in found if one not in known]
    over = [
        f"{entry['package']}: {entry['id']} was allowed until {entry['until']} ({entry['reason']})"
        for entry in allowed
        if entry["until"] < today
    ]
    return new + over


def audit_python() -> list[Finding]:
    report = ask([sys.executable, "-m", "pip_audit", *PIP, "--progress-spinner", "off"], ROOT)
    packages = report.get("dependencies", [])
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if len(skipped) == len(packages):
        raise NotChecked("the service knows none of them; is it a mirror?")
    if skipped:
        print(f"*** NOT CHECKED for vulnerabilities: {', '.join(skipped)}", file=sys.stderr)  # noqa: T201
    return [
        Finding(package["name"], one["id"])
        for package in packages
        for one in package.get("vulns", [])
    ]


def audit_page() -> list[Finding]:
    report = ask(["npm", "audit", "--json"], ROOT / "frontend")
    if "vulnerabilities" not in report:
        raise NotChecked(str(report.get("message") or report.get("error") or "no report"))
    return [
        Finding(name, via["url"].rpartition("/")[2])
        for name, entry in report["vulnerabilities"].items()
        for via in entry["via"]
        if isinstance(via, dict)
    ]


def ask(command: list[str], folder: Path) -> dict[str, Any]:
    """A report as JSON, whatever the exit code says of its findings. Raises NotChecked."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        report: dict[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotChecked(str(error)) from error
    except ValueError as error:
        raise NotChecked(done.stderr.strip()[-300:] or "it answered nothing") from error
    return report


if __name__ == "__main__":
    sys.exit(main())
