"""The critic of PPO: V(s_t) from the last hidden states of the policy's trunk, or of one's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, Literal

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel


class Critic(nn.Module):
    """V = w . h + b of a trunk's last hidden states h, in float32; w and b are 0 at the start.

    A `head` reads the policy's trunk, and its gradient ends there: the policy is trained by its own
    loss alone. So what it can learn is what a linear map finds in those states. A `model` has a
    trunk of its own, which starts as a copy of the policy's and is trained as far as that is: all
    weights, or its adapters.
    """

    def __init__(self, policy: PreTrainedModel, kind: Literal["head", "model"]) -> None:
        super().__init__()
        read: PreTrainedModel = policy.get_decoder()
        size, device = read.config.get_text_config().hidden_size, policy.device
        self.weight = nn.Parameter(torch.zeros(size, device=device))
        self.bias = nn.Parameter(torch.zeros((), device=device))
        self.own: PreTrainedModel | None = deepcopy(read) if kind == "model" else None
        self.seen: list[Tensor] | None = None
        # Not the trunk itself: its weights would count as the critic's.
        self.trunk_of: Callable[[], PreTrainedModel] = lambda: read
        if self.own is None:
            read.register_forward_hook(self.note)

    def trained(self) -> list[nn.Parameter]:
        return [parameter for parameter in self.parameters() if parameter.requires_grad]

    def trained_state(self) -> dict[str, Tensor]:
        """What a checkpoint needs: weights that do not train are the policy's."""
        return {
            name: parameter.detach()
            for name, parameter in self.named_parameters()
            if parameter.requires_grad
        }

    def value(self, hidden: Tensor) -> Tensor:
        with torch.autocast(hidden.device.type, enabled=False):  # which would round it to 8 bits
            return hidden.float() @ self.weight + self.bias

    def note(self, _module: nn.Module, _inputs: Any, made: Any) -> None:
        """A hook on the policy's trunk: values of a pass that is made anyway."""
        if self.seen is not None:
            self.seen.append(self.value(made.last_hidden_state.detach()))

    @contextmanager
    def reading(self) -> Iterator[list[Tensor]]:
        """Collects the values, (B, S) each, of passes through the policy's trunk meanwhile."""
        self.seen = []
        try:
            yield self.seen
        finally:
            self.seen = None

    def values(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Values (B, S) by a pass of its own: its trunk's with a gradient, the policy's without.

        `ids` and `mask` (B, S) are prompts padded on the left with their completions.
        """
        if self.own is not None:
            hidden = self.own(input_ids=ids, attention_mask=mask, use_cache=False)
            return self.value(hidden.last_hidden_state)
        with torch.no_grad():
            hidden = self.trunk_of()(input_ids=ids, attention_mask=mask, use_cache=False)
        return self.value(hidden.last_hidden_state)


def before_tokens(values: Tensor, tokens: int) -> Tensor:
    """Values (B, S) at each position as those before each of the last T tokens, (B, T)."""
    return values[:, -tokens - 1 : -1]
