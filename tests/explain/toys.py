"""Classifiers whose explanations are known, with a tokenizer of whole words."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import SequenceClassifierOutput

from lit_plugins import TextClassifier

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["good", "bad", "film", "the", "a", "of", "and", "not", "very", "plot", "cast"]
VOCABULARY = [*SPECIAL, *WORDS]


class ToyConfig(PreTrainedConfig):
    model_type = "toy_of_sums"

    def __init__(self, bend: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.bend = bend
        self.pad_token_id = VOCABULARY.index("[PAD]")


class ToyModel(PreTrainedModel):
    """Logits are sums over the tokens of one weight a class, bent by tanh where asked.

    It has attention weights that no logit depends on: every token looks at the long embeddings.
    """

    config_class = ToyConfig
    base_model_prefix = "toy"

    def __init__(self, config: ToyConfig):
        super().__init__(config)
        self.table = nn.Embedding(len(VOCABULARY), 8)
        self.head = nn.Linear(8, config.num_labels)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        pass

    def get_input_embeddings(self) -> nn.Module:
        return self.table

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        inputs_embeds: Tensor | None = None,
        output_hidden_states: bool = False,
        output_attentions: bool = False,
    ) -> SequenceClassifierOutput:
        states = self.table(input_ids) if inputs_embeds is None else inputs_embeds
        assert attention_mask is not None
        logits = self.head((states * attention_mask.unsqueeze(-1)).sum(1))
        return SequenceClassifierOutput(
            logits=torch.tanh(logits) if self.config.bend else logits,
            hidden_states=(states,) if output_hidden_states else None,
            attentions=(attention(states, attention_mask),) if output_attentions else None,
        )


def attention(states: Tensor, mask: Tensor) -> Tensor:
    """Weights of one head, [rows, 1, tokens, tokens]."""
    lengths = (states**2).sum(-1).masked_fill(mask == 0, -torch.inf)
    return torch.softmax(lengths, -1)[:, None, None].expand(-1, 1, states.shape[1], -1)


def toy_tokenizer() -> PreTrainedTokenizerFast:
    ids = {token: index for index, token in enumerate(VOCABULARY)}
    backend = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=64,
    )


def toy_model(bend: bool = False, classes: int = 3) -> ToyModel:
    """A model with random weights that are the same every time."""
    torch.manual_seed(0)
    return ToyModel(ToyConfig(bend=bend, num_labels=classes)).eval()


def toy(bend: bool = False, classes: int = 3, **options: Any) -> TextClassifier:
    """The classifier of `toy_model`."""
    return TextClassifier(toy_model(bend, classes), toy_tokenizer(), name="toy", **options)


def weights(words: list[str], target: int, classes: int = 3) -> np.ndarray:
    """What each token adds to a class's logit before any bend, float64 [words]."""
    model = toy_model(classes=classes)
    tokens = [VOCABULARY.index(word) for word in words]
    added = model.table.weight[tokens].double() @ model.head.weight[target].double()
    return added.detach().numpy()
