"""Files that commands cannot use: each is refused in words, with what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.decoding import decode_yaml
from cli.errors import BadInput
from cli.files import load_plain, read_text, read_yaml
from cli.inquiries import compose
from domain.errors import Invalid


def test_a_missing_file_is_named_with_the_folder_it_was_looked_for_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput) as refused:
        read_text(Path("sweep.yaml"))
    assert refused.value.message == (
        f"sweep.yaml: there is no such file in {tmp_path}; check its name"
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder; name a file"):
        read_text(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_bytes(b"name: \xff")
    with pytest.raises(BadInput, match="is not text in UTF-8; save it as that"):
        read_text(file)


@pytest.mark.parametrize("read", [load_plain, compose])
@pytest.mark.parametrize(
    "text", ["seeds: [3]\nvalues [4]\n", "a:\n   b: 1\n  c: 2\n", "a: [1, 2}\n", "a: 1\n- b\n"]
)
def test_a_file_that_is_read_here_is_mended_as_one_that_the_server_reads(
    tmp_path: Path, text: str, read: Callable[[str], object]
) -> None:
    file = tmp_path / "more.yaml"
    file.write_text(text)
    with pytest.raises(Invalid) as there:
        decode_yaml(text.encode())
    with pytest.raises(BadInput) as here:
        read_yaml(file, read)
    assert here.value.message == f"{file}, {there.value.message}"


def test_a_date_is_text_as_the_server_reads_it() -> None:
    assert load_plain("[2026-01-01, 2026-13-45]") == ["2026-01-01", "2026-13-45"]
