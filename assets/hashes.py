"""What a file is known by."""

import hashlib
from pathlib import Path


def digest(path: Path) -> str:
    """SHA-256 of its content, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
