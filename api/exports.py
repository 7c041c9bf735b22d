"""Replies that are files."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fastapi.responses import StreamingResponse

MEMORY = 4 * 2**20  # bytes; what is longer waits on disk until it is sent
CHUNK = 64 * 2**10  # characters
CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Comma-separated values with a header line.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


def reply_with_csv(name: str, rows: Iterable[Sequence[object]]) -> StreamingResponse:
    """The first of `rows` is the header.

    All of them are read before the first is sent: whoever takes their time holds no connection of
    the database meanwhile.
    """
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(MEMORY, "w+", encoding="utf-8", newline=""))
        csv.writer(file, lineterminator="\n").writerows(rows)
        file.seek(0)
        chunks = read_chunks(file, stack.pop_all())
    return StreamingResponse(
        chunks,
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def read_chunks(file: IO[str], open_files: ExitStack) -> Iterator[str]:
    with open_files:
        while chunk := file.read(CHUNK):
            yield chunk
