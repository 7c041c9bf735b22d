"""Replies that are files."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fastapi.responses import StreamingResponse

ROWS = 1000
CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Comma-separated values with a header line.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


def reply_with_csv(name: str, rows: Iterable[Sequence[object]]) -> StreamingResponse:
    """The first of `rows` is the header."""
    return StreamingResponse(
        csv_chunks(rows),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def csv_chunks(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % ROWS == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
