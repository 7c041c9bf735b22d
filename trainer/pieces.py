"""A completion's tokens as texts that make it up when they are joined.

A token alone may be half a character, or lose the space before it. So each is what it adds to the
text of the tokens just before it; half a character adds nothing, and the rest of it the whole.
"""

from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

HALF = "\ufffd"


def pieces(tokenizer: PreTrainedTokenizerBase, ids: Sequence[int]) -> list[str]:
    """As many texts as ids. Special tokens, such as the end, have none."""

    def read(part: Sequence[int]) -> str:
        return str(
            tokenizer.decode(
                list(part), skip_special_tokens=True, clean_up_tokenization_spaces=False
            )
        )

    found: list[str] = []
    begin = known = 0
    for end in range(1, len(ids) + 1):
        before, after = read(ids[begin:known]), read(ids[begin:end])
        if after.endswith(HALF) and end < len(ids):
            found.append("")
            continue
        found.append(after[len(before) :])
        begin, known = known, end
    return found
