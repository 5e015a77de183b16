"""Passes of many rows through a network in batches: token ids go in, numpy arrays come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from lit_plugins.models.network import Batch, Network
from lit_plugins.models.predictions import Gradients
from lit_plugins.models.steady_batches import run_steadily
from lit_plugins.runtime.batching import Progress
from lit_plugins.runtime.turns import in_turn
from lit_plugins.text.encoded import Row

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Passes:
    """Runs rows through a network; results come in the order of the rows.

    Attributes:
        network: the network.
        batch_tokens: the most tokens in one batch, padding included.
    """

    network: Network
    batch_tokens: int

    def logits(
        self, rows: Sequence[Row], *, pooled: bool = False, progress: Progress | None = None
    ) -> list[tuple[np.ndarray, np.ndarray | None]]:
        """Logits and, on request, the last layer at the positions that the head reads.

        Returns:
            For each row float32 [classes], and float32 [width] or None.
        """
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[tuple[np.ndarray, np.ndarray | None]]:
            with torch.inference_mode():
                output = network.run(batch, hidden_states=pooled)
                logits = _numpy(output.logits)
                if not pooled:
                    return [(row, None) for row in logits]
                last = network.hidden_states(output)[-1]
                return list(zip(logits, _numpy(network.pooled(last, batch.mask)), strict=True))

        return self._run(rows, compute, progress)

    def gradients(
        self, rows: Sequence[Row], weights: Sequence[np.ndarray] | np.ndarray
    ) -> list[Gradients]:
        """Gradients of a weighted sum of each row's logits with respect to its input embeddings.

        Args:
            rows: rows of token ids.
            weights: for each row float [classes], the factors of its logits.

        Raises:
            UserError: the model does not take embeddings in place of tokens.
        """
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[Gradients]:
            factors = torch.tensor(
                np.array([weights[index] for index in picked], dtype=np.float32),
                device=network.device,
            )
            with torch.enable_grad():
                embeddings = network.embed(batch).detach().requires_grad_(True)
                output = network.run(batch, embeddings, hidden_states=True)
                last = network.hidden_states(output)[-1]
                sources = [embeddings, last] if network.pooling_is_exact else [embeddings]
                gradients = torch.autograd.grad((output.logits * factors).sum(), sources)
            by_token = _numpy(gradients[0])
            inputs = _numpy(embeddings)
            logits = _numpy(output.logits)
            pooled = _numpy(network.pooled(last, batch.mask))
            by_pooled = (
                list(_numpy(network.pooled_gradient(gradients[1], batch.mask)))
                if network.pooling_is_exact
                else [None] * len(picked)
            )
            return [
                Gradients(
                    target=None,
                    logits=logits[row],
                    embeddings=inputs[row, real].copy(),
                    gradients=by_token[row, real].copy(),
                    pooled=pooled[row],
                    pooled_gradient=by_pooled[row],
                )
                for row, real in enumerate(self._real(rows, picked, batch))
            ]

        return self._run(rows, compute)

    def layers(self, rows: Sequence[Row]) -> list[np.ndarray]:
        """Every layer at the positions that the head reads, float32 [layers + 1, width] a row."""
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[np.ndarray]:
            with torch.inference_mode():
                output = network.run(batch, hidden_states=True)
                pooled = [
                    network.pooled(state, batch.mask) for state in network.hidden_states(output)
                ]
                return list(_numpy(torch.stack(pooled, dim=1)))

        return self._run(rows, compute)

    def attention(self, rows: Sequence[Row]) -> list[np.ndarray]:
        """Attention weights, float32 [layers, heads, tokens, tokens] for each row.

        Raises:
            UserError: the model has no such weights.
        """
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[np.ndarray]:
            with torch.inference_mode():
                output = network.run(batch, attention=True)
                weights = _numpy(network.attentions(output, batch.mask))
            return [
                weights[row, :, :, real, real].copy()
                for row, real in enumerate(self._real(rows, picked, batch))
            ]

        return self._run(rows, compute)

    def input_embeddings(self, ids: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """Token embeddings, float32 [tokens, embedding width] for each sequence of token ids."""
        network = self.network

        def embed() -> list[np.ndarray]:
            with torch.inference_mode():
                return [
                    _numpy(network.embedding_layer(torch.tensor(row, device=network.device)))
                    for row in ids
                ]

        return in_turn(embed)

    def _real(self, rows: Sequence[Row], picked: list[int], batch: Batch) -> list[slice]:
        """The columns of the real tokens of each row of a batch."""
        longest = batch.ids.shape[1]
        return [self.network.real(len(rows[index].input_ids), longest) for index in picked]

    def _run(
        self,
        rows: Sequence[Row],
        compute: Callable[[Batch, list[int]], Sequence[Result]],
        progress: Progress | None = None,
    ) -> list[Result]:
        # Nothing could have gradients in a caller's inference mode.
        with torch.inference_mode(False):
            return run_steadily(
                self.network,
                [len(row.input_ids) for row in rows],
                lambda picked: compute(self.network.collate([rows[i] for i in picked]), picked),
                self.batch_tokens if self.network.together else 1,
                equal_lengths=self.network.padding == "none",
                progress=progress,
            )


def _numpy(tensor: Tensor) -> np.ndarray:
    return tensor.detach().float().cpu().numpy()
