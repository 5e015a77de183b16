"""Rates of float32 matrix products that methods reach, as shares of the machine's best rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks import flops, markdown
from benchmarks.workloads import Case, Workload
from lit_plugins import explain

METHODS = ("shapley", "owen", "integrated_gradients")
SHAPES = ((768, 3072), (3072, 768), (768, 768), (384, 1536), (2048, 2048))
ROWS = (512, 1024, 2048)


@dataclass(frozen=True)
class Kernel:
    """One way to multiply matrices of one size."""

    name: str
    flops: int
    run: Callable[[], object]
    device: torch.device

    def rate(self, seconds: float) -> float:
        """Measures operations a second, over at least `seconds` seconds."""
        done, start = 0, time.perf_counter()
        with torch.inference_mode():
            while (spent := time.perf_counter() - start) < seconds or not done:
                self.run()
                _wait(self.device)
                done += 1
        return done * self.flops / spent


def kernels(device: torch.device) -> list[Kernel]:
    """Returns torch's products and, if available, oneDNN's on packed weights, in several sizes."""
    products = []
    for rows in ROWS:
        for wide, high in SHAPES:
            inputs, weight = torch.rand(rows, wide), torch.rand(high, wide)
            ways: dict[str, Callable[[], object]] = {}
            left, right = inputs.to(device), weight.to(device)
            ways["mm"] = partial(torch.mm, left, right.t().contiguous())
            ways["linear"] = partial(functional.linear, left, right)
            if device.type == "cpu" and (packed := _packed(inputs, weight)):
                ways["oneDNN, packed"] = packed
            count = 2 * rows * wide * high
            for name, run in ways.items():
                products.append(Kernel(f"{name}, {rows}×{wide}×{high}", count, run, device))
    return products


def table(work: Workload, texts: Sequence[str], chunk: int, seconds: float) -> Iterator[str]:
    """Yields the table's lines for one model; methods and the fastest kernel run by turns.

    Args:
        work: the model.
        texts: the texts to explain.
        chunk: number of texts between two measurements of the kernel.
        seconds: length of such a measurement.
    """
    cases = work.cases(texts)
    device = work.model.device
    best = max(kernels(device), key=lambda kernel: max(kernel.rate(seconds / 8) for _ in range(2)))
    measured = [best.rate(seconds)]
    spent = dict.fromkeys(METHODS, 0.0)
    executed = dict.fromkeys(METHODS, 0)
    nominal = dict.fromkeys(METHODS, 0)
    for method in METHODS:
        _explain(work, method, cases[:1])
    for start in range(0, len(cases), chunk):
        batch = cases[start : start + chunk]
        for method in METHODS:
            before = time.perf_counter()
            evaluations = _explain(work, method, batch)
            spent[method] += time.perf_counter() - before
            measured.append(best.rate(seconds))
            for case, count in zip(batch, evaluations, strict=True):
                nominal[method] += _nominal(work, method, case, count)
    for method in METHODS:  # a separate pass, since counting slows down
        for start in range(0, len(cases), chunk):
            batch = cases[start : start + chunk]
            executed[method] += flops.executed(partial(_explain, work, method, batch))
    peak = float(np.median(measured))
    yield markdown.head(
        f"{work.name}, {len(cases)} texts",
        "s a text",
        "GFLOP/s executed",
        "share of the best kernel",
        "GFLOP/s nominal",
        "share of the best kernel",
    )
    for method in METHODS:
        rates = [executed[method] / spent[method], nominal[method] / spent[method]]
        yield markdown.row(
            f"`{method}`",
            f"{spent[method] / len(cases):.3f}",
            *[cell for rate in rates for cell in (f"{rate / 1e9:.0f}", f"**{rate / peak:.2f}**")],
        )
    yield ""
    yield (
        f"Best kernel: {best.name}, {peak / 1e9:.0f} GFLOP/s (median of {len(measured)} "
        f"measurements between the methods, {min(measured) / 1e9:.0f} to "
        f"{max(measured) / 1e9:.0f}). Executed: operations that torch counts in a second run of "
        "the same call, padding included. Nominal: operations of all layers of the stock model "
        "for the same evaluations, without padding."
    )


def _explain(work: Workload, method: str, cases: Sequence[Case]) -> list[int]:
    texts, targets = [case.text for case in cases], [case.target for case in cases]
    explanations = explain(work.classifier, texts, method, targets)
    return [explanation.evaluations for explanation in explanations]


def _nominal(work: Workload, method: str, case: Case, evaluations: int) -> int:
    config, length = work.model.config, len(case.encoded.row.input_ids)
    if method != "integrated_gradients":
        return flops.nominal(config, length, evaluations, gradients=False)
    ends = flops.nominal(config, length, 2, gradients=False)  # the text and its baseline
    return ends + flops.nominal(config, length, evaluations - 2, gradients=True)


def _packed(inputs: Tensor, weight: Tensor) -> Callable[[], object] | None:
    try:
        operators = torch.ops.mkldnn
        packed = operators._reorder_linear_weight(weight, len(inputs))
        run = partial(operators._linear_pointwise, inputs, packed, None, "none", [], "")
        run()
        return run
    except (AttributeError, RuntimeError):  # some builds of torch lack these operators
        return None


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
