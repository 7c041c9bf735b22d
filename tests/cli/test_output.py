"""What tables and previews say, without a server."""

import pytest

from cli.output import clean


@pytest.mark.parametrize("char", ["\x1b", "\x9b", "\r", "\u202e", "\u2066", "\u200b", "\ufeff"])
def test_what_could_steer_a_terminal_is_replaced(char: str) -> None:
    assert clean(f"gr{char}po") == "gr?po"


def test_ordinary_text_is_left_as_it_is() -> None:
    assert clean("naïve α × κ\n\t模型") == "naïve α × κ\n\t模型"
