"""Integrated gradients (Sundararajan et al., 2017) on the input embeddings, by captum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import torch
from captum.attr import IntegratedGradients
from torch import Tensor

from lit_plugins.batching import run_batches
from lit_plugins.classifier import TextClassifier
from lit_plugins.errors import UserError
from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.explanation import Unit
from lit_plugins.explain.method import Method
from lit_plugins.network import Batch
from lit_plugins.options import Option

Result = TypeVar("Result")

OPTIONS = (
    Option(
        "baseline",
        "choice",
        "mask",
        "What the path starts from in place of each word's tokens: the mask token, the padding "
        "token, or zeros. Special tokens stay as they are.",
        choices=("mask", "pad", "zero"),
    ),
    Option(
        "max_steps",
        "integer",
        256,
        "The most points on the path. A text gets 16, then twice as many while it needs more.",
        low=2,
        high=4096,
    ),
    Option(
        "tolerance",
        "number",
        0.01,
        "How much of the output's difference from the baseline the scores may miss.",
        low=1e-6,
        high=1.0,
    ),
    output_option("logit"),
)

_FIRST_STEPS = 16
_SMALLEST_DIFFERENCE = 1e-3
"""A smaller difference between output and baseline drowns in float32's rounding."""


def integrated_gradients(
    classifier: TextClassifier,
    subjects: Sequence[Subject],
    *,
    baseline: str,
    max_steps: int,
    tolerance: float,
    output: Unit,
) -> list[Attribution]:
    """Integrated gradients of each text, with as many steps as it needs.

    Only the tokens of words differ from the baseline, so special tokens have 0 and the scores of
    the words and `delta` add up to the output minus the baseline's.

    Args:
        classifier: the model.
        subjects: texts and classes.
        baseline: see the options.
        max_steps: see the options.
        tolerance: the steps grow for the texts whose `delta` is a larger share of the output minus
            the baseline's than this.
        output: see the options.

    Raises:
        UserError: the model has no such token as the baseline asks for, or it does not take
            embeddings in place of tokens.
    """
    path = _Path(classifier, baseline, output)
    base_values = path.base_values(subjects)
    attributions: dict[int, Attribution] = {}
    waiting = list(range(len(subjects)))
    spent = 2  # the text and its baseline
    for steps in _ladder(max_steps):
        spent += steps
        token_scores = path.integrate([subjects[index] for index in waiting], steps)
        for index, scores in zip(waiting, token_scores, strict=True):
            subject, base_value = subjects[index], base_values[index]
            difference = subject.output(output) - base_value
            missed = abs(difference - scores.sum()) / max(abs(difference), _SMALLEST_DIFFERENCE)
            converged = bool(missed <= tolerance)
            attributions[index] = Attribution(
                scores=subject.encoded.sum_by_word(scores),
                unit=output,
                base_value=base_value,
                evaluations=spent,
                token_scores=scores,
                converged=converged,
                note="" if converged else _note(missed, tolerance, steps),
            )
        waiting = [index for index in waiting if not attributions[index].converged]
        if not waiting:
            break
    return [attributions[index] for index in range(len(subjects))]


class _Path:
    """The straight path from each text's baseline to the text, in embedding space."""

    def __init__(self, classifier: TextClassifier, baseline: str, unit: Unit):
        self._network = classifier.network
        self._batch_tokens = classifier.batch_tokens
        self._unit = unit
        token_id = {"mask": classifier.mask_id, "pad": classifier.pad_id, "zero": 0}[baseline]
        if token_id is None or token_id >= len(self._network.embedding_layer.weight):
            raise UserError(
                f"The baseline is {baseline!r} and the model has no such token; give another one, "
                "such as 'zero'."
            )
        with torch.no_grad():
            absent = self._network.embedding_layer(
                torch.tensor([token_id], device=self._network.device)
            )
        self._absent = torch.zeros_like(absent) if baseline == "zero" else absent
        self._integrator = IntegratedGradients(self._model)

    def base_values(self, subjects: Sequence[Subject]) -> list[float]:
        """The model's value at each baseline.

        By embeddings, as along the path: decoders take a padding token's id for the text's end.
        """

        def compute(picked: list[int]) -> list[float]:
            chosen = [subjects[index] for index in picked]
            batch, targets, _, start = self._ends(chosen)
            with torch.inference_mode():
                table = self._model(start, batch.ids, batch.type_ids, batch.mask)
            return table.gather(1, targets.unsqueeze(1)).squeeze(1).cpu().double().tolist()

        return self._run(subjects, compute)

    def integrate(self, subjects: Sequence[Subject], steps: int) -> list[np.ndarray]:
        """Scores of each text's tokens, float64 [tokens]; texts and steps fill a batch."""
        try:
            return self._run(subjects, partial(self._integrate, subjects, steps, True))
        except UserError:
            pass  # one text with many steps does not fit in memory; with one step it may
        return self._run(subjects, partial(self._integrate, subjects, steps, False))

    def _integrate(
        self, subjects: Sequence[Subject], steps: int, fill: bool, picked: list[int]
    ) -> list[np.ndarray]:
        chosen = [subjects[index] for index in picked]
        batch, targets, end, start = self._ends(chosen)
        longest = batch.ids.shape[1]
        rows = max(len(chosen), self._batch_tokens // longest if fill else 0)
        scores = self._integrator.attribute(
            end,
            start,
            target=targets,
            additional_forward_args=(batch.ids, batch.type_ids, batch.mask),
            n_steps=steps,
            # Nearer than Gauss-Legendre at 16 and 32 steps on fine-tuned transformers.
            method="riemann_middle",
            internal_batch_size=rows,
        )
        by_token = scores.detach().cpu().double().sum(-1).numpy()
        return [
            by_token[at, self._network.real(len(subject.encoded.row.input_ids), longest)].copy()
            for at, subject in enumerate(chosen)
        ]

    def _ends(self, subjects: list[Subject]) -> tuple[Batch, Tensor, Tensor, Tensor]:
        """The batch, the targets [rows], and the path's end and start [rows, longest, width]."""
        network = self._network
        batch = network.collate([subject.encoded.row for subject in subjects])
        in_word = np.zeros(batch.ids.shape, dtype=bool)
        for at, subject in enumerate(subjects):
            words = subject.encoded.token_words
            in_word[at, network.real(len(words), batch.ids.shape[1])] = [
                word is not None for word in words
            ]
        targets = torch.tensor([subject.target for subject in subjects], device=network.device)
        with torch.no_grad():
            end = network.embed(batch)
            where = torch.from_numpy(in_word).to(network.device).unsqueeze(-1)
            return batch, targets, end, torch.where(where, self._absent, end)

    def _model(self, embeddings: Tensor, ids: Tensor, type_ids: Tensor, mask: Tensor) -> Tensor:
        logits = self._network.run(Batch(ids, type_ids, mask), embeddings).logits.float()
        return torch.softmax(logits, -1) if self._unit == "probability" else logits

    def _run(
        self, subjects: Sequence[Subject], compute: Callable[[list[int]], Sequence[Result]]
    ) -> list[Result]:
        with torch.inference_mode(False):
            return run_batches(
                [len(subject.encoded.row.input_ids) for subject in subjects],
                compute,
                self._batch_tokens,
                equal_lengths=self._network.padding == "none",
            )


def _ladder(most: int) -> Iterator[int]:
    steps = _FIRST_STEPS
    while steps < most:
        yield steps
        steps *= 2
    yield most


def _note(missed: float, tolerance: float, steps: int) -> str:
    return (
        f"The relative completeness error is {_percent(missed)}, above the tolerance of "
        f"{_percent(tolerance)}, at {steps} steps."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if share < 10 else f"{100 * share:.0f} %"


METHOD = Method(
    "integrated_gradients",
    "Integrated gradients",
    "Gradients of the chosen class, averaged along the straight path from a text without words to "
    "the text, times the difference of the embeddings.",
    OPTIONS,
    integrated_gradients,
    black_box=False,
)
