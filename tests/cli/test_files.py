"""Files that commands cannot use: each is refused in words, with what to do."""

from pathlib import Path

import pytest
import yaml

from cli.errors import BadInput
from cli.files import read_text, read_yaml


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


def test_a_file_that_is_read_here_is_mended_as_one_that_the_server_reads(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("seeds: [3]\nvalues [4]\n")
    with pytest.raises(BadInput) as refused:
        read_yaml(file, yaml.safe_load)
    assert refused.value.message == (
        f"{file}, line 2, column 1: `values [4]` lacks a colon followed by a space; "
        "type `values: [4]`"
    )
