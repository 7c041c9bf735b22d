"""The direction of imports, as the contracts of pyproject.toml state it, and the size of files."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 300
GENERATED = {ROOT / "frontend/src/api/schema.d.ts"}
FOLDERS = (
    *("domain", "assets", "db", "api", "workers", "trainer", "cli", "migrations"),
    *("bench", "tests", ".ci", "frontend/src"),
)


def test_imports_keep_to_the_contracts() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
    ]
    result = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_file_that_outgrows_one_idea_is_split() -> None:
    sources = {
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".ts", ".tsx", ".css")
    }
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in sources - GENERATED}
    assert len(lines) > len(FOLDERS)
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}
