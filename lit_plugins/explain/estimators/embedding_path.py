"""Integrated gradients: a text's embeddings on the straight line from a baseline to the text.

With x the embeddings of the text, x' those of the baseline and f the model's value, token i gets

    IG_i = sum over its embedding's numbers of (x - x') * mean over p of df/dx at x' + p (x - x'),

where p runs from 0 to 1.

Source: Sundararajan, Taly and Yan (2017, "Axiomatic attribution for deep networks").
`make bench ARGS="--only gradients"` shows errors and times beside other packages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from lit_plugins.errors import UserError
from lit_plugins.explain.attribution import Subject
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.models.network import Batch
from lit_plugins.models.steady_batches import run_steadily
from lit_plugins.models.task import Unit
from lit_plugins.runtime.turns import in_turn

Result = TypeVar("Result")


class EmbeddingPath:
    """The path of each text, from its baseline (at 0) to the text (at 1).

    Only tokens of words move along it. Special tokens stay as they are, so they get no score.
    """

    def __init__(
        self, classifier: TextClassifier, unit: Unit, *, baseline: str, baseline_text: str = ""
    ):
        """Computes the embeddings that words have at the path's start.

        Args:
            classifier: the model.
            unit: which of the model's values is differentiated.
            baseline: as in `BASELINE_OPTIONS`.
            baseline_text: as in `BASELINE_OPTIONS`.

        Raises:
            UserError: the model has no token of the baseline's kind, or sees no word of the
                baseline's text.
        """
        self._network = classifier.network
        self._task = classifier.task
        self._batch_tokens = classifier.batch_tokens
        self._unit = unit
        token_id = {"mask": classifier.mask_id, "pad": classifier.pad_id, "zero": 0}[baseline]
        if token_id is None or token_id >= self._network.vocabulary_size:
            raise UserError(
                f"The baseline is {baseline!r} and the model has no such token; give another one, "
                "such as 'zero'."
            )

        def starts() -> Tensor:
            with torch.no_grad():
                filler = self._network.embedding_layer(
                    torch.tensor([token_id], device=self._network.device)
                )
                if baseline == "zero":
                    filler = torch.zeros_like(filler)
                return torch.cat([*self._word_embeddings(classifier, baseline_text), filler])

        # [tokens, width]: row k is for the text's k-th token of a word; the last row is also for
        # all tokens after it.
        self._starts = in_turn(starts)

    def base_values(self, subjects: Sequence[Subject]) -> list[float]:
        """The model's value at each baseline.

        The model is given embeddings, not token ids: decoders would take the id of a padding token
        for the end of the text.
        """

        def compute(picked: list[int]) -> list[float]:
            chosen = [subjects[index] for index in picked]
            batch, targets, _, start = self._ends(chosen)
            with torch.inference_mode():
                table = self._model(start, batch.ids, batch.type_ids, batch.mask)
            return table.gather(1, targets.unsqueeze(1)).squeeze(1).cpu().double().tolist()

        return self._run(subjects, compute)

    def slopes(
        self, subjects: Sequence[Subject], points: Sequence[float] | np.ndarray
    ) -> list[np.ndarray]:
        """The derivative of the value along the path, by token.

        It is the gradient times the path's direction x - x', so its mean over the path is the
        token's contribution to the change of the value from start to end.

        Args:
            subjects: texts and classes.
            points: positions on the path, 0 for the baseline and 1 for the text.

        Returns:
            A float64 array [points, tokens] for each text.
        """
        pairs = [(subject, point) for subject in subjects for point in points]

        def compute(picked: list[int]) -> list[np.ndarray]:
            chosen = [pairs[index][0] for index in picked]
            batch, targets, end, start = self._ends(chosen)
            along = torch.tensor([pairs[index][1] for index in picked]).to(end).view(-1, 1, 1)
            with torch.enable_grad():
                embeddings = (start + along * (end - start)).requires_grad_(True)
                table = self._model(embeddings, batch.ids, batch.type_ids, batch.mask)
                values = table.gather(1, targets.unsqueeze(1))
                (gradients,) = torch.autograd.grad(values.sum(), embeddings)
            return self._by_token(chosen, (end - start) * gradients)

        rows = self._run([subject for subject, _ in pairs], compute)
        count = len(points)
        firsts = [count * index for index in range(len(subjects))]
        return [np.array(rows[first : first + count]) for first in firsts]

    @staticmethod
    def _word_embeddings(classifier: TextClassifier, text: str) -> list[Tensor]:
        if not text:
            return []
        (encoded,) = classifier.encode([text])
        in_word = [index for index, word in enumerate(encoded.token_words) if word is not None]
        if not in_word:
            raise UserError(
                f"The baseline_text is {text!r:.60}, in which the model sees no word; give a text "
                "with words, or none."
            )
        network = classifier.network
        return [network.embed(network.collate([encoded.row]))[0, in_word]]

    def _ends(self, subjects: list[Subject]) -> tuple[Batch, Tensor, Tensor, Tensor]:
        """The batch, the classes [rows], and the path's end and start [rows, longest, width]."""
        network = self._network
        batch = network.collate([subject.encoded.row for subject in subjects])
        which = np.full(batch.ids.shape, -1)
        for row, subject in enumerate(subjects):
            words = subject.encoded.token_words
            in_word = np.array([word is not None for word in words])
            nth = np.minimum(in_word.cumsum() - 1, len(self._starts) - 1)
            which[row, network.real(len(words), batch.ids.shape[1])] = np.where(in_word, nth, -1)
        targets = torch.tensor([subject.target for subject in subjects], device=network.device)
        with torch.no_grad():
            end = network.embed(batch)
            moves = torch.from_numpy(which).to(network.device).unsqueeze(-1)
            start = torch.where(moves < 0, end, self._starts[moves.squeeze(-1)])
            return batch, targets, end, start

    def _model(self, embeddings: Tensor, ids: Tensor, type_ids: Tensor, mask: Tensor) -> Tensor:
        logits = self._network.run(Batch(ids, type_ids, mask), embeddings).logits.float()
        return self._task.tensor_values(logits, self._unit)

    def _by_token(self, subjects: list[Subject], scores: Tensor) -> list[np.ndarray]:
        """Sums over the width at real tokens, float64 [tokens] for each text."""
        longest = scores.shape[1]
        by_token = scores.detach().cpu().double().sum(-1).numpy()
        return [
            by_token[row, self._network.real(len(subject.encoded.row.input_ids), longest)].copy()
            for row, subject in enumerate(subjects)
        ]

    def _run(
        self, subjects: Sequence[Subject], compute: Callable[[list[int]], Sequence[Result]]
    ) -> list[Result]:
        with torch.inference_mode(False):
            return run_steadily(
                self._network,
                [len(subject.encoded.row.input_ids) for subject in subjects],
                compute,
                self._batch_tokens,
                equal_lengths=self._network.padding == "none",
            )
