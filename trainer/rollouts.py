"""Which completions of a step are kept to be read, and how their tokens are spelt."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from tokenizers.decoders import DecodeStream
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from domain.events import Rollout
from trainer.records import Batch
from trainer.subjects import Subject

SHOWN_STEPS = 10
SHOWN_COMPLETIONS = 16


class Place(NamedTuple):
    """Where a completion stands among a step's batches."""

    batch: Batch
    row: int


def shown_steps(steps: int) -> set[int]:
    """About ten evenly spaced steps, the first and the last among them."""
    gaps = min(SHOWN_STEPS, steps) - 1
    return {1 + round(index * (steps - 1) / gaps) for index in range(gaps + 1)} if gaps else {1}


def pick_rollouts(step: int, batches: Sequence[Batch], subject: Subject) -> Iterator[Rollout]:
    """Whole groups, as many as fit, of problems that other arms of the same seed show as well.

    TRL puts the same prompts to every arm at a step, but deals their completions out to the batches
    by chance; so all batches are searched, and prompts taken in an order that is theirs alone and
    prefers no kind of them.
    """
    kept = 0
    groups = group(batches, subject)
    for prompt in sorted(groups, key=lambda text: sha256(text.encode()).digest()):
        places = groups[prompt][:SHOWN_COMPLETIONS]
        if kept + len(places) > SHOWN_COMPLETIONS:
            return
        for place in places:
            yield show(step, kept, prompt, place, subject)
            kept += 1


def group(batches: Sequence[Batch], subject: Subject) -> dict[str, list[Place]]:
    """A step's completions by their prompt's text."""
    groups: dict[str, list[Place]] = {}
    for batch in batches:
        prompts = zip(batch.prompts, batch.prompt_mask, strict=True)
        for row, (ids, mask) in enumerate(prompts):
            prompt = subject.texts[tuple(ids[mask].tolist())]
            groups.setdefault(prompt, []).append(Place(batch, row))
    return groups


def show(step: int, index: int, prompt: str, place: Place, subject: Subject) -> Rollout:
    batch, row = place
    mask = batch.mask[row]
    ids = batch.completions[row][mask].tolist()
    return Rollout(
        step=step,
        index=index,
        problem=subject.problems[prompt].question,
        prompt=prompt,
        tokens=spell(ids, subject.tokenizer),
        entropies=batch.entropies[row][mask].tolist(),
        advantages=batch.advantages.expand_as(batch.mask)[row][mask].tolist(),
        psi=batch.psi[row][mask].tolist(),
        reward=subject.reward(prompt, ids),
    )


def spell(ids: Sequence[int], tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """What each token adds to the text: joined, they are the text.

    A character that takes several tokens is the last one's; the others before it add nothing.
    """
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        return [str(tokenizer.decode([token])) for token in ids]
    backend, stream = tokenizer.backend_tokenizer, DecodeStream(skip_special_tokens=False)
    spelt = [stream.step(backend, token) or "" for token in ids]
    text, told = backend.decode(ids, skip_special_tokens=False), "".join(spelt)
    if ids and text.startswith(told):  # it ends in the midst of a character
        spelt[-1] += text[len(told) :]
    return spelt
