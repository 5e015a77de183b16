"""Sources of counterfactuals: LIT's generators on a plain model, and this package's methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from lit_nlp.api import components as lit_components
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.components import ablation_flip, hotflip

from benchmarks.alternating import Explain, Side
from benchmarks.workloads import Case, Workload
from lit_plugins.counterfactual import METHODS, Counterfactual, counterfactuals_each

Gradients = Literal["all", "texts", "none"]

LIMIT = 5
MAX_EDITS = 3
TEXT, LABEL, TOKENS, PROBAS = "sentence", "label", "tokens", "probas"
EMBEDDINGS, GRADIENTS = "token_embeddings", "token_gradients"
LIT = {"ablation": "LIT's Ablation Flip", "hotflip": "LIT's HotFlip"}
"""LIT's counterparts of some methods, on a model that computes all outputs."""
LEAN = {method: f"{name}, lean model" for method, name in LIT.items()}
"""The same generators, on a model that computes only the outputs that the generator reads."""


@dataclass(frozen=True)
class Flips:
    """One side's counterfactuals for one text.

    Attributes:
        new_texts: the counterfactuals.
        sizes: number of words that each of them changes.
        evaluations: number of inputs that the model was run on; 0 if unknown.
    """

    new_texts: tuple[str, ...]
    sizes: tuple[int, ...]
    evaluations: int


def sides(work: Workload) -> list[Side]:
    """Returns all sides; `LIT` and `LEAN` have the names of LIT's sides, `METHODS` of ours."""
    return [
        *(Side(name, partial(_lit, work, method, "all")) for method, name in LIT.items()),
        Side(LEAN["ablation"], partial(_lit, work, "ablation", "none")),
        Side(LEAN["hotflip"], partial(_lit, work, "hotflip", "texts")),
        *(Side(method, partial(_ours, work, method)) for method in METHODS),
    ]


_ABLATION = {
    ablation_flip.NUM_EXAMPLES_KEY: LIMIT,
    ablation_flip.MAX_ABLATIONS_KEY: MAX_EDITS,
    ablation_flip.PREDICTION_KEY: PROBAS,
    ablation_flip.FIELDS_TO_ABLATE_KEY: [TEXT],
}
_HOTFLIP = {
    hotflip.NUM_EXAMPLES_KEY: LIMIT,
    hotflip.MAX_FLIPS_KEY: MAX_EDITS,
    hotflip.PREDICTION_KEY: PROBAS,
    hotflip.FIELDS_TO_HOTFLIP_KEY: [TOKENS],
    hotflip.TOKENS_TO_IGNORE_KEY: ["[CLS]", "[SEP]"],
}


_GENERATORS: dict[str, tuple[lit_components.Generator, dict[str, Any]]] = {
    "ablation": (ablation_flip.AblationFlip(), _ABLATION),
    "hotflip": (hotflip.HotFlip(), _HOTFLIP),
}


def _lit(work: Workload, method: str, gradients: Gradients) -> Explain:
    generator, config = _GENERATORS[method]
    model = FlipModel(work, gradients)

    def find(case: Case) -> Flips:
        model.rows = 0
        # LIT moves away from the gold label; here the predicted class takes its place.
        example = {TEXT: case.text, LABEL: work.classifier.labels[case.target]}
        new_examples = generator.generate(example, model, None, config)
        return Flips(
            tuple(new_example[TEXT] for new_example in new_examples),
            tuple(_differing(case, new_example) for new_example in new_examples),
            model.rows,
        )

    return lambda cases: [find(case) for case in cases]


def _ours(work: Workload, method: str) -> Explain:
    def find(cases: Sequence[Case]) -> list[Flips]:
        results = counterfactuals_each(
            work.classifier,
            [case.text for case in cases],
            method,
            limit=LIMIT,
            max_edits=MAX_EDITS,
        )
        return [_flips(result) for result in results]

    return find


def _flips(counterfactuals: Sequence[Counterfactual]) -> Flips:
    return Flips(
        tuple(counterfactual.new_text for counterfactual in counterfactuals),
        tuple(counterfactual.edit_size for counterfactual in counterfactuals),
        counterfactuals[0].evaluations if counterfactuals else 0,
    )


def _differing(case: Case, new_example: Mapping[str, Any]) -> int:
    """Counts the tokens that HotFlip replaced, or the words that Ablation Flip removed."""
    if TOKENS in new_example:
        pairs = zip(case.encoded.tokens, new_example[TOKENS], strict=True)
        return sum(token != new_token for token, new_token in pairs)
    return len(case.text.split()) - len(new_example[TEXT].split())


class FlipModel(lit_model.BatchedModel):
    """A plain model with the outputs that LIT's generators require.

    Attributes:
        rows: number of inputs that the model was run on.
    """

    def __init__(self, work: Workload, gradients: Gradients):
        """Wraps a model.

        Args:
            work: the model.
            gradients: inputs for which gradients are computed: "all", which LIT requests; "texts",
                those without tokens of their own, the only ones whose gradients HotFlip reads; or
                "none".
        """
        self._work = work
        self._gradients = gradients
        self._labels = list(work.classifier.labels)
        self._vocab = work.tokenizer.get_vocab()
        self.rows = 0

    def input_spec(self) -> lit_types.Spec:
        return {
            TEXT: lit_types.TextSegment(),
            TOKENS: lit_types.Tokens(parent=TEXT, required=False),
            LABEL: lit_types.CategoryLabel(vocab=self._labels, required=False),
        }

    def output_spec(self) -> lit_types.Spec:
        return {
            TOKENS: lit_types.Tokens(parent=TEXT, required=False),
            PROBAS: lit_types.MulticlassPreds(vocab=self._labels, parent=LABEL),
            EMBEDDINGS: lit_types.TokenEmbeddings(align=TOKENS),
            GRADIENTS: lit_types.TokenGradients(
                align=TOKENS, grad_for=EMBEDDINGS, grad_target_field_key=LABEL
            ),
        }

    def get_embedding_table(self) -> tuple[list[str], np.ndarray]:
        """Returns the vocabulary in the order of its ids, and the embeddings [ids, width]."""
        order = sorted(self._vocab, key=self._vocab.__getitem__)
        return order, self._work.model.get_input_embeddings().weight.detach().numpy()

    def predict_minibatch(self, inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Predicts examples one at a time, which is LIT's default."""
        self.rows += len(inputs)
        return [self._predict(example) for example in inputs]

    def _predict(self, example: dict[str, Any]) -> dict[str, Any]:
        model = self._work.model
        tokens = example.get(TOKENS)
        ids = (
            [self._vocab[token] for token in tokens]
            if tokens
            else self._work.tokenizer(example[TEXT])["input_ids"]
        )
        embeddings = model.get_input_embeddings()(torch.tensor([ids])).detach()
        output: dict[str, Any] = {TOKENS: self._work.tokenizer.convert_ids_to_tokens(ids)}
        needs_gradients = self._gradients == "all" or (self._gradients == "texts" and not tokens)
        with torch.set_grad_enabled(needs_gradients):
            embeddings.requires_grad_(needs_gradients)
            logits = model(inputs_embeds=embeddings).logits
            if needs_gradients:
                target = self._labels.index(example[LABEL])
                (gradients,) = torch.autograd.grad(logits[0, target], embeddings)
                output[GRADIENTS] = gradients[0].numpy()
        output[EMBEDDINGS] = embeddings[0].detach().numpy()
        output[PROBAS] = logits[0].detach().softmax(-1).numpy()
        return output
