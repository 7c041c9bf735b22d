"""How likely traces are under prompts they did not come of, by teacher forcing.

A prompt is read once, and its cache shared out to all traces: N prompts and M traces cost N M
passes over a trace and N over a prompt. Traces of about the same length go together.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, cast

import torch
from torch import Tensor
from transformers import PreTrainedModel

from trainer.precision import autocast
from trainer.sampling import CACHE_BYTES, Sampling, cache_bytes, read_prompts

LOGIT_BYTES = 1 << 28  # of which a few copies are made


@torch.no_grad()
def score(
    model: PreTrainedModel,
    prompt: list[int],
    traces: Sequence[list[int]],
    how: Sampling,
    pause: Callable[[], None] = lambda: None,
) -> list[float]:
    """log p of each trace after the prompt, in nats, at the temperature of `how`."""
    found = [0.0] * len(traces)
    with autocast(how.dtype, model.device):
        logits, cache, _ = read_prompts(model, [prompt], how)
        for places in batches(model, len(prompt), traces):
            pause()
            shared = deepcopy(cache)
            shared.batch_repeat_interleave(len(places))
            rows = [traces[place] for place in places]
            sums = follow(model, logits, shared, rows, how)
            for place, value in zip(places, sums.tolist(), strict=True):
                found[place] = value
    return found


def follow(
    model: PreTrainedModel, first: Tensor, cache: Any, rows: Sequence[list[int]], how: Sampling
) -> Tensor:
    """The sums of log p (rows,) from the logits of the first token (1, V) and a prompt's cache.

    Padding comes after the end, where no token of the row can see it.
    """
    longest = max(map(len, rows))
    padded = [row + [how.pad] * (longest - len(row)) for row in rows]
    ids = torch.tensor(padded, device=model.device)
    mask = torch.arange(longest) < torch.tensor([[len(row)] for row in rows])
    parts = [token_logs(first.expand(len(rows), -1)[:, None], ids[:, :1], how)]
    if longest > 1:
        output = cast(Any, model)(input_ids=ids[:, :-1], past_key_values=cache, use_cache=True)
        parts.append(token_logs(output.logits, ids[:, 1:], how))
    logs = torch.cat(parts, dim=1)
    return logs.masked_fill(~mask.to(logs.device), 0.0).sum(1)


def token_logs(logits: Tensor, ids: Tensor, how: Sampling) -> Tensor:
    """log p of `ids` (rows, T) under `logits` (rows, T, V); in float64 from their sum on."""
    scaled = logits.float() / how.temperature
    chosen = scaled.gather(2, ids[:, :, None])[:, :, 0]
    return (chosen - scaled.logsumexp(-1)).double()


def batches(
    model: PreTrainedModel, prompt: int, traces: Sequence[list[int]]
) -> Iterator[list[int]]:
    """Places of traces that fit into memory together, from the shortest to the longest."""
    vocabulary = int(cast(Any, model.config.get_text_config()).vocab_size)
    batch: list[int] = []
    for place in sorted(range(len(traces)), key=lambda place: len(traces[place])):
        rows, length = len(batch) + 1, len(traces[place])
        too_large = (
            4 * rows * length * vocabulary > LOGIT_BYTES
            or rows * cache_bytes(model, prompt + length) > CACHE_BYTES
        )
        if batch and too_large:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
