"""Samples many completions of each prompt, as pass@k needs them.

A prompt is read once and its cache shared out to its samples; rows that have ended leave the batch;
the batch is as large as memory allows. What is drawn for a problem depends on the seed and the
problem alone: every token comes from a uniform number of its own by the inverse of the cumulated
probabilities, so neither the batch nor the other problems have a say (on a CPU in float32).
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel

from trainer.precision import autocast
from trainer.reminders import Reminder

logger = logging.getLogger(__name__)

ROWS = 2048
CACHE_BYTES = 1 << 30  # on a CPU, where memory is shared with everything else
FREE_SHARE = 0.5  # of a GPU's free memory, for the cache
LARGE = 4096  # tokens of a vocabulary that is searched by blocks
BLOCK = 128
AT_ONCE = 1 << 24  # probabilities, of which there are a few copies
BELOW_ONE = 1 - 2**-50
CROWDED = 0.97  # rows are dropped once no more than this share of them is still being written


@dataclass(frozen=True)
class Sampling:
    """How completions are drawn: `samples` of at most `tokens` tokens each, ended by `eos`.

    The model computes in `dtype`. With `entropies` those of each drawn token's distribution are
    kept, at the temperature it was drawn at.
    """

    samples: int
    tokens: int
    temperature: float
    top_p: float
    seed: int
    eos: int
    pad: int
    dtype: torch.dtype = torch.float32
    entropies: bool = False


class Drawn(NamedTuple):
    """A problem's completions, token ids (samples, tokens) padded after the end, and entropies in
    nats of the same shape, which mean nothing after the end: None where nobody asked for them."""

    tokens: Tensor
    entropies: Tensor | None


Job = tuple[int, list[int]]
"""A problem's number and the token ids of its prompt."""


def sample(
    model: PreTrainedModel, jobs: Sequence[Job], how: Sampling, rows: int = 0
) -> Iterator[tuple[int, Tensor]]:
    """For each job in turn its completions, token ids (samples, tokens) padded after the end."""
    for number, drawn in sample_whole(model, jobs, how, rows):
        yield number, drawn.tokens


@torch.no_grad()
def sample_whole(
    model: PreTrainedModel, jobs: Sequence[Job], how: Sampling, rows: int = 0
) -> Iterator[tuple[int, Drawn]]:
    """For each job in turn all that was drawn.

    `rows` bounds the batch; 0 lets memory choose, and running out of it halves the batch.
    """
    rows = rows or fitting_rows(model, jobs, how)
    place = 0
    while place < len(jobs):
        part = jobs[place : place + max(1, rows // how.samples)]
        found = try_to_draw(model, part, how, rows)
        if found is None:
            # Only here, where no traceback holds the batch that was too large any more.
            torch.cuda.empty_cache()
            rows //= 2
            continue
        yield from zip((number for number, _ in part), found, strict=True)
        place += len(part)


def try_to_draw(
    model: PreTrainedModel, part: Sequence[Job], how: Sampling, rows: int
) -> list[Drawn] | None:
    """None where memory is too small for so many rows. Raises what it is where one is too many."""
    try:
        return draw_all(model, part, how, min(rows, how.samples))
    except torch.cuda.OutOfMemoryError:
        if rows == 1:
            raise
        return None


def fitting_rows(model: PreTrainedModel, jobs: Sequence[Job], how: Sampling) -> int:
    """As many rows as the cache of the longest prompt fits into memory, at most ROWS."""
    longest = max((len(prompt) for _, prompt in jobs), default=0) + how.tokens
    one = cache_bytes(model, longest)
    free = CACHE_BYTES
    if model.device.type == "cuda":
        free = int(torch.cuda.mem_get_info(model.device)[0] * FREE_SHARE)
    return max(1, min(ROWS, free // one))


def cache_bytes(model: PreTrainedModel, tokens: int) -> int:
    """What keys and values of a row of so many tokens take."""
    config: Any = model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return 2 * int(config.num_hidden_layers * heads * size) * tokens * model.dtype.itemsize


def draw_all(model: PreTrainedModel, part: Sequence[Job], how: Sampling, width: int) -> list[Drawn]:
    """The completions of some jobs, at most `width` samples of each at once."""
    chances = [chances_of(how, number) for number, _ in part]
    prompts = [prompt for _, prompt in part]
    with autocast(how.dtype, model.device):
        pieces = [
            draw(model, prompts, [chance[first : first + width] for chance in chances], how)
            for first in range(0, how.samples, width)
        ]
    return [joined(own) for own in zip(*pieces, strict=True)]


def joined(pieces: Sequence[Drawn]) -> Drawn:
    entropies = [piece.entropies for piece in pieces if piece.entropies is not None]
    tokens = torch.cat([piece.tokens for piece in pieces])
    return Drawn(tokens, torch.cat(entropies) if entropies else None)


def chances_of(how: Sampling, problem: int) -> Tensor:
    """Uniform numbers of a problem, one for each token of each sample."""
    key = hashlib.sha256(f"{how.seed}, problem {problem}".encode()).digest()[:8]
    generator = torch.Generator().manual_seed(int.from_bytes(key) >> 1)
    return torch.rand((how.samples, how.tokens), generator=generator, dtype=torch.float64)


def draw(
    model: PreTrainedModel, prompts: list[list[int]], chances: list[Tensor], how: Sampling
) -> list[Drawn]:
    """One batch: for each prompt as many completions as it has rows of chances."""
    each, device = len(chances[0]), model.device
    uniform = torch.cat(chances).to(device)
    tokens = torch.full(uniform.shape, how.pad, device=device)
    entropies = torch.zeros(uniform.shape, device=device) if how.entropies else None
    logits, cache, mask = read_prompts(model, prompts, how)
    cache.batch_repeat_interleave(each)
    logits = logits.repeat_interleave(each, 0)
    mask = None if mask is None else mask.repeat_interleave(each, 0)
    alive = torch.arange(len(tokens), device=device)  # rows of the batch, as rows of `tokens`
    reminder = Reminder()
    for position in range(how.tokens):
        if reminder.is_due():
            logger.warning("%d completions have %d tokens and go on", len(alive), position)
        chosen = choose(logits, uniform[alive, position], how)
        tokens[alive, position] = chosen
        if entropies is not None:
            entropies[alive, position] = entropy(logits, how.temperature)
        going = chosen != how.eos
        if position + 1 == how.tokens or not going.any():
            break
        if going.sum() <= CROWDED * len(alive):
            kept = going.nonzero()[:, 0]
            cache.batch_select_indices(kept)
            alive, chosen = alive[kept], chosen[kept]
            mask = None if mask is None else mask[kept]
        if mask is not None:
            mask = torch.cat([mask, mask.new_ones((len(alive), 1))], dim=1)
        logits = forward(model, chosen[:, None], mask, cache)
    return split(blank_after_end(tokens, how).cpu(), entropies, each)


def split(tokens: Tensor, entropies: Tensor | None, each: int) -> list[Drawn]:
    """By prompt, of which each has as many rows."""
    parts = tokens.split(each)
    known = entropies.cpu().split(each) if entropies is not None else [None] * len(parts)
    return [Drawn(*part) for part in zip(parts, known, strict=True)]


def entropy(logits: Tensor, temperature: float) -> Tensor:
    """Of each row's distribution over the whole vocabulary, in nats; NaN of a diverged model's."""
    rows = max(1, AT_ONCE // logits.shape[1])
    parts = (torch.softmax(some.float() / temperature, dim=-1) for some in logits.split(rows))
    return torch.cat([torch.special.entr(part).sum(-1) for part in parts])


def read_prompts(
    model: PreTrainedModel, prompts: list[list[int]], how: Sampling
) -> tuple[Tensor, DynamicCache, Tensor | None]:
    """Logits after each prompt, the cache of all, and their mask: padded on the left, or None where
    all prompts are equally long."""
    longest, cache = max(map(len, prompts)), DynamicCache(config=model.config)
    gaps = [longest - len(prompt) for prompt in prompts]
    padded = [[how.pad] * gap + prompt for gap, prompt in zip(gaps, prompts, strict=True)]
    ids = torch.tensor(padded, device=model.device)
    mask = None
    if any(gaps):
        mask = (torch.arange(longest) >= torch.tensor(gaps)[:, None]).long().to(model.device)
    return forward(model, ids, mask, cache), cache, mask


def forward(
    model: PreTrainedModel, ids: Tensor, mask: Tensor | None, cache: DynamicCache
) -> Tensor:
    """The logits (rows, vocabulary) after the last of `ids`; the cache grows by them."""
    positions = None if mask is None else (mask.cumsum(1) - 1).clamp(min=0)[:, -ids.shape[1] :]
    # transformers types a model's call for none of the models it loads.
    output = cast(Any, model)(
        input_ids=ids,
        attention_mask=mask,
        position_ids=positions,
        past_key_values=cache,
        use_cache=True,
        logits_to_keep=1,
    )
    logits: Tensor = output.logits[:, -1]
    return logits


def choose(logits: Tensor, uniform: Tensor, how: Sampling) -> Tensor:
    """The token at which the cumulated probability passes each row's uniform number.

    A diverged model's NaN counts as 0: what it draws is a result too. With top_p below 1 only the
    likeliest tokens are kept that reach it together (Holtzman et al. 2020, section 3.1).
    """
    if logits.shape[1] < LARGE:
        return choose_exactly(logits, uniform, how)
    rows = max(1, AT_ONCE // logits.shape[1])
    parts = zip(logits.split(rows), uniform.split(rows), strict=True)
    pick = choose_by_blocks if how.top_p >= 1 else choose_exactly
    return torch.cat([pick(some, numbers, how) for some, numbers in parts])


def choose_exactly(logits: Tensor, uniform: Tensor, how: Sampling) -> Tensor:
    """In float64 throughout."""
    scaled = torch.nan_to_num(logits.double()) / how.temperature
    probabilities = torch.softmax(scaled, dim=-1)
    if how.top_p >= 1:
        return find(probabilities, uniform)
    ranked, order = probabilities.sort(dim=-1, descending=True, stable=True)
    before = ranked.cumsum(-1) - ranked
    place = find(ranked.masked_fill(before >= how.top_p, 0.0), uniform)
    return order.gather(1, place[:, None])[:, 0]


def choose_by_blocks(logits: Tensor, uniform: Tensor, how: Sampling) -> Tensor:
    """Probabilities in float32 and their sums in float64, which takes a third of the time: first
    the block of tokens, then the token in it."""
    masses = torch.softmax(torch.nan_to_num(logits.float()) / how.temperature, dim=-1)
    if gap := -masses.shape[1] % BLOCK:
        masses = torch.nn.functional.pad(masses, (0, gap))
    blocks = masses.view(len(masses), -1, BLOCK)
    sums = blocks.sum(-1, dtype=torch.float64)
    cumulated = sums.cumsum(-1)
    wanted = uniform[:, None] * cumulated[:, -1:]
    place = torch.searchsorted(cumulated, wanted, right=True).clamp(max=sums.shape[1] - 1)
    inside = blocks[torch.arange(len(blocks), device=blocks.device), place[:, 0]].double().cumsum(1)
    # Rounding may leave a hair more than the block holds, or less than nothing.
    rest = wanted - (cumulated - sums).gather(1, place)
    rest = torch.minimum(rest.clamp(min=0), inside[:, -1:] * BELOW_ONE)
    return (place * BLOCK + torch.searchsorted(inside, rest, right=True))[:, 0]


def find(masses: Tensor, uniform: Tensor) -> Tensor:
    cumulated = masses.cumsum(-1)
    wanted = uniform[:, None] * cumulated[:, -1:]
    last = masses.shape[-1] - 1
    return torch.searchsorted(cumulated, wanted, right=True)[:, 0].clamp(max=last)


def blank_after_end(tokens: Tensor, how: Sampling) -> Tensor:
    """Rows that had ended and stayed in the batch wrote on: nobody reads that."""
    ended = (tokens == how.eos).cumsum(1) - (tokens == how.eos).long()
    return tokens.masked_fill(ended > 0, how.pad)
