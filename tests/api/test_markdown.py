"""Markdown that is written from other people's text says what they wrote, and does nothing."""

import pytest

from api.markdown import escape_markdown, fence


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert fence("a ```` b", "sh").splitlines()[0] == "`````sh"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# a", "\\# a"),
        ("1. a", "1\\. a"),
        ("- a", "\\- a"),
        ("0.0003", "0.0003"),
        ("a\n\n| b |", "a \\| b \\|"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("[a](b)", "\\[a\\](b)"),
        ("shaped/alpha=0.4,kappa=2", "shaped/alpha=0.4,kappa=2"),
    ],
)
def test_markdown_reads_as_it_is_written(text: str, written: str) -> None:
    assert escape_markdown(text) == written
