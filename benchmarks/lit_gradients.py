"""A model for LIT's own integrated gradients, which takes embeddings and returns gradients."""

from __future__ import annotations

from typing import Any

import torch
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from benchmarks.workloads import Workload

TEXT, LABEL = "sentence", "label"
TOKENS, EMBEDDINGS, GRADIENTS = "tokens", "token_embeddings", "token_gradients"


class EmbeddingModel(lit_model.BatchedModel):
    """A model by LIT's documentation, with only the outputs that integrated gradients need."""

    def __init__(self, work: Workload):
        self._work = work
        self._labels = list(work.classifier.labels)

    def max_minibatch_size(self) -> int:
        return 32

    def input_spec(self) -> lit_types.Spec:
        return {
            TEXT: lit_types.TextSegment(),
            LABEL: lit_types.CategoryLabel(vocab=self._labels, required=False),
            EMBEDDINGS: lit_types.TokenEmbeddings(align=TOKENS, required=False),
        }

    def output_spec(self) -> lit_types.Spec:
        return {
            TOKENS: lit_types.Tokens(parent=TEXT),
            EMBEDDINGS: lit_types.TokenEmbeddings(align=TOKENS),
            GRADIENTS: lit_types.TokenGradients(
                align=TOKENS, grad_for=EMBEDDINGS, grad_target_field_key=LABEL
            ),
        }

    def predict_minibatch(self, inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Predicts examples of equal length, such as the points of one text's path."""
        model = self._work.model
        encoded = self._work.tokenizer(
            [example[TEXT] for example in inputs], return_tensors="pt", padding="longest"
        ).to(model.device)
        ids = encoded.pop("input_ids")
        if inputs[0].get(EMBEDDINGS) is not None:
            points = [torch.as_tensor(example[EMBEDDINGS]) for example in inputs]
            embeddings = torch.stack(points).to(model.device)
        else:
            embeddings = model.get_input_embeddings()(ids).detach()
        embeddings.requires_grad_(True)
        logits = model(inputs_embeds=embeddings, **encoded).logits
        targets = torch.tensor([self._labels.index(example[LABEL]) for example in inputs])
        chosen = logits.gather(1, targets.to(model.device).unsqueeze(1)).sum()
        (gradients,) = torch.autograd.grad(chosen, embeddings)
        tokens = [self._work.tokenizer.convert_ids_to_tokens(row) for row in ids]
        arrays = [tensor.detach().cpu().numpy() for tensor in (embeddings, gradients)]
        return [
            {TOKENS: row, EMBEDDINGS: embedded, GRADIENTS: gradient}
            for row, embedded, gradient in zip(tokens, *arrays, strict=True)
        ]
