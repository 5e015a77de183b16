"""Networks of toys: an embedding table and a head of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    PreTrainedConfig,
    PreTrainedModel,
)
from transformers.modeling_outputs import SequenceClassifierOutput

from lit_plugins.models.capabilities import PROBE_LENGTHS
from lit_plugins.models.network import Network
from lit_plugins.text.encoded import Row

SIZE = 50


PAD = 0


Head = Callable[["Toy", Tensor, Tensor], Tensor]


class ToyConfig(PreTrainedConfig):
    model_type = "toy_of_heads"


class Toy(PreTrainedModel):
    """An embedding table and a head of the test's own."""

    config_class = ToyConfig

    def __init__(self, head: Head, pad_token_id: int | None = PAD, **config: Any):
        super().__init__(ToyConfig(num_labels=2, pad_token_id=pad_token_id, **config))
        torch.manual_seed(0)
        self.table = nn.Embedding(SIZE, 6)
        self.classes = nn.Linear(6, 2)
        self.head = head
        self.calls = 0

    def get_input_embeddings(self) -> nn.Module:
        return self.table

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        output_hidden_states: bool = False,
    ) -> SequenceClassifierOutput:
        assert attention_mask is not None
        states = (self.table(input_ids) if inputs_embeds is None else inputs_embeds) * 1
        return SequenceClassifierOutput(
            logits=self.head(self, states, attention_mask),
            hidden_states=(states, states) if output_hidden_states else None,
        )


def mean(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(states.dtype)
    return model.classes((states * weights).sum(1) / weights.sum(1))


def mean_of_all(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    return model.classes(states.mean(1))


def first(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    return model.classes(states[:, 0])


def last(model: Toy, states: Tensor, mask: Tensor) -> Tensor:
    return model.classes(states[:, -1])


def rows(lengths: Sequence[int]) -> list[Row]:
    return [Row(tuple((7 * at + 3) % SIZE or 1 for at in range(n)), (0,) * n) for n in lengths]


def network(model: PreTrainedModel, pad_id: int | None = PAD) -> Network:
    return Network(model, pad_id, ("input_ids", "attention_mask"), rows(PROBE_LENGTHS), 1024)


def toy(head: Head, **config: Any) -> Network:
    return network(Toy(head, **config).eval())
